package io.framecast.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.framecast.forecast.Forecast;
import io.framecast.frame.Frame;
import io.framecast.frame.Pixels;
import io.framecast.model.ModelFolder;
import io.framecast.model.NetworkForecaster;
import io.framecast.model.engine.ComputeDevice;
import io.framecast.model.engine.EngineConfig;
import io.framecast.model.engine.Precision;
import io.framecast.predict.BatchConfig;
import io.framecast.predict.Policy;
import io.framecast.source.Pace;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceSpec;
import io.framecast.source.reader.FrameSources;
import io.framecast.topic.ForecastCodec;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.MalformedRecordException;
import io.framecast.topic.TopicAdmin;
import io.framecast.topic.TopicKind;
import io.framecast.topic.TopicReader;
import io.framecast.topic.TopicReader.Start;
import io.framecast.topic.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Predictors that join and leave in the middle of every camera's context, with the shipped model. */
class RebalanceIT {
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final List<String> SOURCES =
            List.of("a=test:street", "b=test:shapes", "c=test:street", "d=test:still");
    private static final int FRAMES = 45;
    private static final int EVERY = 5;
    /** One window a call: the bits of a batch depend on its size. */
    private static final BatchConfig BATCHING = new BatchConfig(Policy.ALL, 1, Duration.ZERO);

    @TempDir
    Path directory;

    private final ModelFolder model = ModelFolder.find(Path.of("models"), "flow-mixture");

    @Test
    void forecasts_throughRebalances_areTheSameBits() {
        List<List<Frame>> frames = SOURCES.stream().map(RebalanceIT::frames).toList();
        try (var broker = EmbeddedBroker.start(directory, 0)) {
            Map<String, List<Pixels>> undisturbed =
                    undisturbed(new KafkaConnection(broker.bootstrap(), "calm", Map.of()), frames);
            Map<String, List<Pixels>> disturbed =
                    disturbed(new KafkaConnection(broker.bootstrap(), "storm", Map.of()), frames);
            assertThat(disturbed.keySet()).isEqualTo(undisturbed.keySet());
            undisturbed.forEach(
                    (id, pictures) -> assertThat(disturbed.get(id)).as(id).isEqualTo(pictures));
        }
    }

    private Map<String, List<Pixels>> undisturbed(KafkaConnection kafka, List<List<Frame>> frames) {
        var found = read(kafka);
        try (var predictors = new Predictors(kafka, BATCHING, EVERY)) {
            predictors.publish(slice(frames, 0, FRAMES));
            predictors.start(load());
            return pictures(found);
        }
    }

    private Map<String, List<Pixels>> disturbed(KafkaConnection kafka, List<List<Frame>> frames) {
        var found = read(kafka);
        try (var predictors = new Predictors(kafka, BATCHING, EVERY)) {
            var first = predictors.start(load());
            predictors.publish(slice(frames, 0, 13));
            await().atMost(SOON).until(() -> !found.isEmpty());
            var second = predictors.start(load());
            await().atMost(SOON).until(() -> second.isAssigned());
            predictors.publish(slice(frames, 13, 22));
            predictors.stop(first);
            predictors.publish(slice(frames, 22, 31));
            var third = predictors.start(load());
            await().atMost(SOON).until(() -> third.isAssigned());
            predictors.stop(second);
            predictors.publish(slice(frames, 31, FRAMES));
            return pictures(found);
        }
    }

    private NetworkForecaster load() {
        return NetworkForecaster.load(model, ComputeDevice.choose(EngineConfig.cpu()), Precision.AUTO);
    }

    private static List<Frame> frames(String source) {
        return FrameSources.open(
                        SourceSpec.parse(source), SourceConfig.defaults().withPace(Pace.MAX))
                .frames()
                .take(FRAMES)
                .collectList()
                .blockOptional(SOON)
                .orElseThrow();
    }

    private static Stream<Frame> slice(List<List<Frame>> frames, int from, int to) {
        return frames.stream().flatMap(camera -> camera.subList(from, to).stream());
    }

    private static List<Forecast> read(KafkaConnection kafka) {
        new TopicAdmin(kafka).create(Optional.empty());
        var found = new CopyOnWriteArrayList<Forecast>();
        var unused = new TopicReader(kafka)
                .read(Map.of(TopicKind.FORECASTS, Start.BEGINNING))
                .map(RebalanceIT::decode)
                .subscribe(found::add);
        return found;
    }

    /** All that must come, by their ids; and a moment for what must not. */
    private Map<String, List<Pixels>> pictures(List<Forecast> found) {
        int due = SOURCES.size() * ((FRAMES - model.description().leastContext()) / EVERY + 1);
        await().atMost(SOON).until(() -> found.size() >= due);
        await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
        var pictures = new TreeMap<String, List<Pixels>>();
        found.forEach(forecast -> assertThat(pictures.put(forecast.id(), forecast.frames()))
                .as("a second %s", forecast.id())
                .isNull());
        return pictures;
    }

    private static Forecast decode(TopicReader.Found found) {
        try {
            return ForecastCodec.decode(found.value());
        } catch (MalformedRecordException e) {
            throw new IllegalStateException(e);
        }
    }
}
