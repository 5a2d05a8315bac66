package io.framecast.node;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.Forecaster;
import io.framecast.frame.Frame;
import io.framecast.frame.Ticker;
import io.framecast.predict.CameraModels;
import io.framecast.predict.Forecasted;
import io.framecast.predict.Policy;
import io.framecast.predict.PredictListener;
import io.framecast.predict.PredictProcessor;
import io.framecast.predict.RunningModel;
import io.framecast.topic.ForecastCodec;
import io.framecast.topic.FrameCodec;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.MalformedRecordException;
import io.framecast.topic.TopicKind;
import io.framecast.worker.Output;
import io.framecast.worker.TransactionalWorker;
import io.framecast.worker.Wiring;
import io.framecast.worker.Wiring.Decoder;
import io.framecast.worker.WorkerConfig;
import io.framecast.worker.WorkerConfig.Sharing;
import io.framecast.worker.WorkerConfig.Tuning;
import io.framecast.worker.WorkerListener;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The predict role: frames into forecasts. */
final class PredictRole {
    private static final Tuning TUNING = new Tuning(Sharing.STICKY, 500, 8 << 20, Duration.ofSeconds(1), Duration.ZERO);

    private PredictRole() {}

    /** The role, which closes the models when it has ended. */
    static Role of(
            PredictConfig config,
            RunningModel model,
            CameraModels cameraModels,
            Broker broker,
            String slot,
            PredictListener listener,
            WorkerListener watcher) {
        String group = group(config, model.current(), broker.connection());
        boolean fromBeginning = config.batching().policy() == Policy.ALL;
        var worker = worker(
                new WorkerConfig(
                        broker.connection(), group, group + "." + slot, fromBeginning, broker.isEmbedded(), TUNING),
                new PredictProcessor(model, cameraModels, config.batching(), config.every(), listener, Ticker.system()),
                watcher);
        Runnable release = () -> {
            model.close();
            cameraModels.close();
        };
        return new WorkerRole("predict", worker, release, true);
    }

    /** The consumer group whose workers share out the cameras: the one that is named, or one per model. */
    static String group(PredictConfig config, Forecaster forecaster, KafkaConnection connection) {
        return config.group().isEmpty()
                ? PredictConfig.group(connection.prefix(), forecaster.model().name())
                : config.group();
    }

    /** A predictor's worker. */
    static TransactionalWorker<Frame, Forecasted> worker(
            WorkerConfig config, PredictProcessor processor, WorkerListener watcher) {
        Map<TopicKind, Decoder<Frame>> inputs = Map.of(TopicKind.FRAMES, PredictRole::frame);
        var wiring = new Wiring<Frame, Forecasted>(inputs, PredictRole::output, List.of(), true);
        return new TransactionalWorker<>(config, wiring, processor, watcher);
    }

    /** How a predictor reads and commits. */
    static Tuning tuning() {
        return TUNING;
    }

    private static Frame frame(String key, byte[] value) throws MalformedRecordException {
        Frame frame = FrameCodec.decode(value);
        if (!frame.camera().value().equals(key)) {
            throw new MalformedRecordException(
                    MalformedRecordException.Kind.WRONG_KEY, "its key is not the frame's camera " + frame.camera());
        }
        return frame;
    }

    private static Output output(Forecasted made) {
        Forecast forecast = made.forecast();
        return new Output(
                TopicKind.FORECASTS,
                forecast.origin().camera().value(),
                forecast.origin().time(),
                "Forecast",
                made.trace(),
                ForecastCodec.encode(forecast));
    }
}
