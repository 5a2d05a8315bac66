package io.framecast.model;

import ai.djl.engine.EngineException;
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
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a network's forecasts are computed on a device.
 *
 * @param forecast from pictures to pictures
 * @param precision float32 or bfloat16
 * @param together how many windows a thread of a processor had best forecast in one call, where there are so many
 * @param gainsFromCores whether one window comes sooner, with the same bytes, where the engine shares it out to all
 *     cores; networks' own layers round otherwise there
 */
record WayToForecast(PreparedForecast forecast, Precision precision, int together, boolean gainsFromCores) {
    private static final Logger LOG = LoggerFactory.getLogger(WayToForecast.class);

    /** Frames of the window that a faster way is tried on: a past longer than ten frames is tried, too. */
    private static final int TRIAL_FRAMES = 16;

    /** The steps that are compared: all of them would make each start wait. */
    private static final int[] TRIAL_STEPS = {1, 5, Forecast.HORIZON};

    /** Share of bytes that may differ by more than a level: rounding decides a few where two candidates are as good. */
    private static final double MOST_DIFFERING = 1e-3;

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
            return new WayToForecast(
                    forecast,
                    verdict.precision(),
                    verdict.together(),
                    verdict.rollout().isPresent());
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
                /* gainsFromCores= */ false);
    }

    private static Optional<PreparedForecast> prepared(FramePredictor network, NDManager manager, FrameShape shape) {
        if (manager.getDevice().isGpu()) {
            return Optional.empty();
        }
        PreparedForecast forecast = null;
        try {
            forecast = network.prepared(manager, shape, Forecast.HORIZON).orElse(null);
            if (forecast == null || agrees(forecast, network, manager, shape)) {
                return Optional.ofNullable(forecast);
            }
            LOG.warn("the model's forecasts take longer here: the faster way to them was wrong in a trial");
        } catch (IllegalStateException | EngineException e) { // an engine without oneDNN
            LOG.debug("forecasts take the network's own layers", e);
        }
        if (forecast != null) {
            forecast.close();
        }
        return Optional.empty();
    }

    /**
     * Whether a faster way leads to the same pictures of a noisy window as the network's own layers, but for rounding,
     * in memory that held NaN before.
     */
    private static boolean agrees(
            PreparedForecast faster, FramePredictor network, NDManager manager, FrameShape shape) {
        List<List<Pixels>> window = List.of(NoisyWindow.of(shape, TRIAL_FRAMES));
        var store = new ParameterStore(manager, false);
        PreparedForecast plain = drawn(
                shape,
                context -> network.forecast(store, context, TRIAL_STEPS.clone(), /* training= */ false),
                () -> {});
        try (NDManager scratch = manager.newSubManager()) {
            List<Pixels> expected = plain.of(scratch, window).get(0);
            SoiledMemory.leave(manager);
            List<Pixels> actual = faster.of(scratch, window).get(0);
            long wrong = IntStream.range(0, TRIAL_STEPS.length)
                    .mapToLong(i -> differing(actual.get(TRIAL_STEPS[i] - 1), expected.get(i)))
                    .sum();
            return wrong <= MOST_DIFFERING * expected.size() * shape.bytes();
        }
    }

    /** Bytes that differ by more than a level. */
    private static long differing(Pixels a, Pixels b) {
        return IntStream.range(0, a.size())
                .filter(at -> Math.abs(a.at(at) - b.at(at)) > 1)
                .count();
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
                return FrameArrays.toPixels(
                        network.apply(FrameArrays.toArray(scratch, FrameArrays.ofSameLength(contexts), shape)), shape);
            }

            @Override
            public void close() {
                close.run();
            }
        };
    }
}
