package io.framecast.node;

import io.framecast.frame.Ticker;
import io.framecast.score.ScoreInput;
import io.framecast.score.ScoreOutput;
import io.framecast.score.ScoreProcessor;
import io.framecast.score.Surprise;
import io.framecast.topic.ForecastCodec;
import io.framecast.topic.FrameCodec;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.ScoreCodec;
import io.framecast.topic.SurpriseCodec;
import io.framecast.topic.TopicKind;
import io.framecast.worker.Output;
import io.framecast.worker.TransactionalWorker;
import io.framecast.worker.Wiring;
import io.framecast.worker.Wiring.Decoder;
import io.framecast.worker.Wiring.History;
import io.framecast.worker.WorkerConfig;
import io.framecast.worker.WorkerConfig.Sharing;
import io.framecast.worker.WorkerConfig.Tuning;
import io.framecast.worker.WorkerListener;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The score role: every forecast compared with what really came. */
final class ScoreRole {
    /** Small batches keep frames and forecasts in step; as often as Kafka Streams commits when exactly once. */
    private static final Tuning TUNING =
            new Tuning(Sharing.CO_PARTITIONED, 128, 2 << 20, Duration.ZERO, Duration.ofMillis(100));

    /** Records of a partition that are read back: all that surprise remembers of four cameras, or less of more. */
    private static final long SURPRISE_BACK = 4L * Surprise.MEMORY;

    /** The same of scores, of which the newest of each camera and model counts. */
    private static final long SCORES_BACK = 500;

    private ScoreRole() {}

    /**
     * The role.
     *
     * @param vital whether the node ends with it
     */
    static Role of(Broker broker, String slot, CameraStats stats, WorkerListener watcher, boolean vital) {
        KafkaConnection connection = broker.connection();
        String group = group(connection.prefix());
        var config = new WorkerConfig(connection, group, group + "." + slot, true, broker.isEmbedded(), TUNING);
        var worker = worker(config, stats::scored, watcher);
        return new WorkerRole("score", worker, () -> {}, vital);
    }

    /** The consumer group of all scorers. */
    static String group(String prefix) {
        return prefix + ".score";
    }

    /**
     * A scorer's worker.
     *
     * @param committed takes each output when it is committed
     */
    static TransactionalWorker<ScoreInput, ScoreOutput> worker(
            WorkerConfig config, Consumer<ScoreOutput> committed, WorkerListener watcher) {
        Map<TopicKind, Decoder<ScoreInput>> inputs = Map.of(
                TopicKind.FRAMES, (key, value) -> new ScoreInput.OfFrame(FrameCodec.decode(value)),
                TopicKind.FORECASTS, (key, value) -> new ScoreInput.OfForecast(ForecastCodec.decode(value)));
        // A stretch's end is told after its frames.
        List<History<ScoreOutput>> history = List.of(
                new History<>(
                        TopicKind.SURPRISE,
                        SURPRISE_BACK,
                        (key, value) -> new ScoreOutput.OfFrame(SurpriseCodec.frame(value))),
                new History<>(
                        TopicKind.STRETCHES,
                        SURPRISE_BACK,
                        (key, value) -> new ScoreOutput.OfStretch(SurpriseCodec.stretch(value))),
                new History<>(
                        TopicKind.SCORES,
                        SCORES_BACK,
                        (key, value) -> new ScoreOutput.OfForecast(ScoreCodec.score(value), "")));
        return new TransactionalWorker<>(
                config,
                new Wiring<>(inputs, ScoreRole::output, history, false),
                new ScoreProcessor(committed, Ticker.system()),
                watcher);
    }

    /** How a scorer reads and commits. */
    static Tuning tuning() {
        return TUNING;
    }

    private static Output output(ScoreOutput said) {
        if (said instanceof ScoreOutput.OfForecast forecast) {
            return output(
                    TopicKind.SCORES,
                    said,
                    forecast.score().origin().time(),
                    "Score",
                    forecast.trace(),
                    ScoreCodec.encode(forecast.score()));
        }
        if (said instanceof ScoreOutput.OfFrame frame) {
            return output(
                    TopicKind.SURPRISE,
                    said,
                    frame.surprise().time(),
                    "Surprise",
                    "",
                    SurpriseCodec.encode(frame.surprise()));
        }
        var stretch = ((ScoreOutput.OfStretch) said).stretch();
        return output(
                TopicKind.STRETCHES, said, stretch.begin(), "SurprisingStretch", "", SurpriseCodec.encode(stretch));
    }

    private static Output output(
            TopicKind topic, ScoreOutput said, Instant time, String schema, String trace, byte[] value) {
        return new Output(topic, said.camera().value(), time, schema, trace, value);
    }
}
