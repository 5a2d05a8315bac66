package io.framecast.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import io.framecast.forecast.Forecast;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.model.engine.Precision;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.LoggerFactory;

/**
 * How a network's forecasts are computed on a device.
 *
 * @param forecast from pictures to pictures
 * @param precision float32 or bfloat16
 * @param together how many windows a thread of a processor had best forecast in one call, where there are so many
 * @param gainsFromCores whether one window comes sooner where the engine shares it out to all cores
 */
record WayToForecast(PreparedForecast forecast, Precision precision, int together, boolean gainsFromCores) {
    /**
     * The fastest way of those that a network has here.
     *
     * @param manager whose device computes
     * @param contextLength frames of a window
     * @param asked the precision
     * @throws ModelException if that is bfloat16, and neither network nor machine can compute so
     */
    static WayToForecast of(
            FramePredictor network, NDManager manager, FrameShape shape, int contextLength, Precision asked) {
        if (network instanceof RecurrentPredictor recurrent) {
            var context = new Shape(contextLength, shape.channels(), shape.height(), shape.width());
            RolloutTrial.Verdict verdict = new RolloutTrial(recurrent, manager, context).run(asked);
            PreparedForecast forecast = verdict.rollout()
                    .map(rollout -> rolledOut(rollout, shape))
                    .orElseGet(() -> layered(network, manager, shape));
            return new WayToForecast(forecast, verdict.precision(), verdict.together(), /* gainsFromCores= */ true);
        }
        if (asked == Precision.BFLOAT16) {
            throw new ModelException(
                    ModelException.Reason.UNSUPPORTED,
                    "precision 'bfloat16' is for recurrent networks, and this model's is none; use --precision auto");
        }
        Optional<PreparedForecast> prepared = prepared(network, manager, shape);
        return new WayToForecast(
                prepared.orElseGet(() -> layered(network, manager, shape)),
                Precision.FLOAT32,
                1,
                /* gainsFromCores= */ prepared.isEmpty());
    }

    private static Optional<PreparedForecast> prepared(FramePredictor network, NDManager manager, FrameShape shape) {
        if (manager.getDevice().isGpu()) {
            return Optional.empty();
        }
        try {
            return network.prepared(manager, shape, Forecast.HORIZON);
        } catch (IllegalStateException e) { // an engine without oneDNN
            LoggerFactory.getLogger(WayToForecast.class).debug("forecasts take the network's own layers", e);
            return Optional.empty();
        }
    }

    private static PreparedForecast rolledOut(Rollout rollout, FrameShape shape) {
        return drawn(shape, context -> rollout.forecast(context, Forecast.HORIZON), rollout::close);
    }

    private static PreparedForecast layered(FramePredictor network, NDManager manager, FrameShape shape) {
        var store = new ParameterStore(manager, false);
        return drawn(
                shape, context -> network.forecast(store, context, Forecast.HORIZON, /* training= */ false), () -> {});
    }

    /** From (B, K, C, H, W) to (B, 32, C, H, W), between pictures. */
    private static PreparedForecast drawn(FrameShape shape, UnaryOperator<NDArray> network, Runnable close) {
        return new PreparedForecast() {
            @Override
            public List<List<Pixels>> of(NDManager scratch, List<List<Pixels>> contexts) {
                return FrameArrays.toPixels(network.apply(FrameArrays.toArray(scratch, contexts, shape)), shape);
            }

            @Override
            public void close() {
                close.run();
            }
        };
    }
}
