package io.framecast.cli;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.ModelVersion;
import io.framecast.topic.ForecastCodec;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.MalformedRecordException;
import io.framecast.topic.TopicKind;
import io.framecast.topic.TopicReader;
import io.framecast.topic.TopicReader.Start;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Waits for the first forecast of a model from now on. */
final class FirstForecast implements AutoCloseable {
    private static final Duration LONGEST_START = Duration.ofSeconds(10);

    private final Sinks.One<Forecast> first = Sinks.one();
    private final CountDownLatch reading = new CountDownLatch(1);
    private final Disposable reader;

    /** Begins to read; when this returns, no forecast is missed. */
    FirstForecast(KafkaConnection connection, ModelVersion model) {
        reader = new TopicReader(connection)
                .read(Map.of(TopicKind.FORECASTS, Start.END), reading::countDown)
                .flatMapIterable(found -> decoded(found).stream().toList())
                .filter(forecast -> forecast.model().equals(model))
                .subscribe(first::tryEmitValue, failure -> {
                    first.tryEmitEmpty();
                    reading.countDown();
                });
        try {
            var unused = reading.await(LONGEST_START.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Optional<Forecast> decoded(TopicReader.Found found) {
        try {
            return Optional.of(ForecastCodec.decode(found.value()));
        } catch (MalformedRecordException e) {
            return Optional.empty();
        }
    }

    /** The forecast; empty if none comes in time, or forecasts cannot be read. */
    Optional<Forecast> await(Duration longest) {
        return first.asMono().timeout(longest, Mono.empty()).blockOptional();
    }

    @Override
    public void close() {
        reader.dispose();
    }
}
