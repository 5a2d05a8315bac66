package io.framecast.node;

import io.framecast.alert.Webhook;
import io.framecast.alert.Webhook.Result;
import io.framecast.alert.WebhookConfig;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.MalformedRecordException;
import io.framecast.topic.SurpriseCodec;
import io.framecast.topic.TopicKind;
import io.framecast.topic.TopicReader;
import io.framecast.topic.TopicReader.Start;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** The alert role: the begin of each surprising stretch, from now on, to a webhook. */
final class AlertRole implements Role {
    private static final Logger log = LoggerFactory.getLogger(AlertRole.class);

    private final KafkaConnection connection;
    private final Webhook webhook;
    private final Disposable.Swap reading = Disposables.swap();
    private volatile Optional<String> trouble = Optional.empty();

    AlertRole(WebhookConfig config, KafkaConnection connection, MeterRegistry metrics) {
        this.connection = connection;
        Map<Result, Counter> alerts = Stream.of(Result.values())
                .collect(Collectors.toMap(
                        result -> result,
                        result -> Counter.builder("framecast.alerts")
                                .tag("result", result.word())
                                .register(metrics)));
        webhook = new Webhook(
                config, result -> Objects.requireNonNull(alerts.get(result)).increment());
    }

    @Override
    public void start() {
        reading.update(new TopicReader(connection)
                .read(Map.of(TopicKind.STRETCHES, Start.END), () -> trouble = Optional.empty())
                .doOnNext(this::take)
                .retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofSeconds(1))
                        .maxBackoff(Duration.ofSeconds(5))
                        .doBeforeRetry(failed -> tell(failed.failure())))
                .subscribe());
    }

    /** Told once for each trouble, however often it is tried again. */
    private void tell(Throwable failure) {
        String words = String.valueOf(failure.getMessage());
        if (!trouble.equals(Optional.of(words))) {
            log.warn("no alerts are sent, and stretches are read again soon: {}", words);
        }
        trouble = Optional.of(words);
    }

    private void take(TopicReader.Found found) {
        try {
            webhook.accept(SurpriseCodec.stretch(found.value()));
        } catch (MalformedRecordException e) {
            log.debug("a stretch is left out: {}", e.getMessage());
        }
    }

    @Override
    public Mono<Void> ended() {
        return Mono.never();
    }

    @Override
    public Optional<String> obstacle() {
        return trouble.map(words -> "alerts: " + words);
    }

    @Override
    public void end(Ending ending) {
        close();
    }

    @Override
    public void close() {
        reading.dispose();
        webhook.close();
    }
}
