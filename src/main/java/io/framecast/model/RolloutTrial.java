package io.framecast.model;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import io.framecast.model.engine.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what a recurrent network forecasts with on this machine: a {@link Rollout} in a precision that gives what
 * the network's own layers give, or those layers. Engines have given wrong numbers on some processors, and not every
 * processor or GPU is faster in bfloat16; so each is tried before it is used, on a made-up window, in memory that held
 * NaN before.
 */
final class RolloutTrial {
    private static final Logger LOG = LoggerFactory.getLogger(RolloutTrial.class);

    /** Steps forecast in a trial: enough for what is fed back to matter. */
    private static final int STEPS = 4;

    /** Runs of which the fastest counts. */
    private static final int RUNS = 3;

    /** Mean difference of values from -1 to 1 that rounding of float32 may make: a hundredth of a level of a byte. */
    private static final float FLOAT32_TOLERANCE = 1e-4f;

    /** The same for bfloat16, whose numbers have a step of a level of a byte: two and a half levels. */
    private static final float BFLOAT16_TOLERANCE = 0.02f;

    /** What a way must gain to be preferred: less than that may be chance. */
    private static final double CLEARLY_FASTER = 1.15;

    /** Windows in one call; with more, little more is gained. */
    private static final int TOGETHER = 4;

    private final RecurrentPredictor network;
    private final NDManager manager;
    private final Shape context;

    /** Those that were made and not yet chosen. */
    private final List<Rollout> candidates = new ArrayList<>();

    /**
     * What was found.
     *
     * @param rollout empty where the network's own layers are to be used, in float32
     * @param precision float32 or bfloat16
     * @param together how many windows a thread had best forecast in one call, where there are so many: to the same
     *     bits as alone
     */
    record Verdict(Optional<Rollout> rollout, Precision precision, int together) {}

    /**
     * Prepares a trial.
     *
     * @param context of the network's windows: (K, C, H, W)
     */
    RolloutTrial(RecurrentPredictor network, NDManager manager, Shape context) {
        this.network = network;
        this.manager = manager;
        this.context = context;
    }

    /**
     * Tries what is asked for.
     *
     * @throws ModelException if that is bfloat16 and this machine does not compute rightly with it
     */
    Verdict run(Precision asked) {
        try (NDManager scratch = manager.newSubManager()) {
            NDArray window = window(scratch);
            NDArray expected =
                    network.forecast(new ParameterStore(manager, false), window, STEPS, /* training= */ false);
            Verdict verdict = choose(asked, window, expected);
            verdict.rollout().ifPresent(candidates::remove);
            return verdict;
        } finally {
            candidates.forEach(Rollout::close);
            candidates.clear();
        }
    }

    private Verdict choose(Precision asked, NDArray window, NDArray expected) {
        if (asked == Precision.BFLOAT16) {
            Rollout coarse = candidate(DataType.BFLOAT16, BFLOAT16_TOLERANCE, window, expected)
                    .orElseThrow(RolloutTrial::noBfloat16);
            return verdict(coarse, Precision.BFLOAT16, window);
        }
        Optional<Rollout> precise = candidate(DataType.FLOAT32, FLOAT32_TOLERANCE, window, expected);
        if (precise.isEmpty()) { // where float32 is wrong, nothing else is to be trusted
            return new Verdict(Optional.empty(), Precision.FLOAT32, 1);
        }
        Optional<Rollout> coarse = asked == Precision.FLOAT32
                ? Optional.empty()
                : candidate(DataType.BFLOAT16, BFLOAT16_TOLERANCE, window, expected)
                        .filter(rollout -> isFaster(rollout, precise.get(), window));
        return coarse.map(rollout -> verdict(rollout, Precision.BFLOAT16, window))
                .orElseGet(() -> verdict(precise.get(), Precision.FLOAT32, window));
    }

    private static ModelException noBfloat16() {
        return new ModelException(
                ModelException.Reason.UNSUPPORTED,
                "precision 'bfloat16' cannot be used: this machine's engine does not compute rightly with it; use"
                        + " --precision auto");
    }

    private static boolean isFaster(Rollout coarse, Rollout precise, NDArray window) {
        double gain = (double) nanos(precise, window) / nanos(coarse, window);
        LOG.debug("bfloat16 is {} times as fast as float32", gain);
        return gain > CLEARLY_FASTER;
    }

    private static Verdict verdict(Rollout rollout, Precision precision, NDArray window) {
        return new Verdict(Optional.of(rollout), precision, gainsTogether(rollout, window) ? TOGETHER : 1);
    }

    /** Weights are then read once for several windows; but where states are large, caches hold those of one only. */
    private static boolean gainsTogether(Rollout rollout, NDArray window) {
        List<NDArray> windows = IntStream.range(0, TOGETHER)
                .mapToObj(i -> window.mul(1 - i / (2f * TOGETHER)))
                .toList();
        try {
            return IntStream.rangeClosed(2, TOGETHER)
                            .allMatch(count -> areSameAsAlone(rollout, windows.subList(0, count)))
                    && nanos(rollout, window) * TOGETHER
                            > CLEARLY_FASTER * nanos(rollout, NDArrays.concat(new NDList(windows)));
        } catch (EngineException e) {
            LOG.debug("windows go alone", e);
            return false;
        }
    }

    private static boolean areSameAsAlone(Rollout rollout, List<NDArray> windows) {
        NDArray together = rollout.forecast(NDArrays.concat(new NDList(windows)), 1);
        return IntStream.range(0, windows.size())
                .allMatch(i -> rollout.forecast(windows.get(i), 1)
                                .sub(together.get(i))
                                .abs()
                                .max()
                                .getFloat()
                        == 0);
    }

    private Optional<Rollout> candidate(DataType type, float tolerance, NDArray window, NDArray expected) {
        SoiledMemory.leave(manager);
        Optional<Rollout> rollout = Rollout.of(network, manager, context.slice(1), type);
        rollout.ifPresent(candidates::add);
        return rollout.filter(candidate -> agrees(candidate, type, tolerance, window, expected));
    }

    private static boolean agrees(Rollout rollout, DataType type, float tolerance, NDArray window, NDArray expected) {
        try {
            float difference = difference(rollout, window, expected);
            if (difference <= tolerance) { // not so for NaN
                return true;
            }
            LOG.warn(
                    "{} is not used: a trial was wrong by {} of 1 on average, which costs speed only",
                    type,
                    difference);
        } catch (EngineException e) { // this device does not compute with such numbers
            LOG.debug("no forecast in {}", type, e);
        }
        return false;
    }

    private static float difference(Rollout rollout, NDArray window, NDArray expected) {
        return rollout.forecast(window, STEPS).sub(expected).abs().mean().getFloat();
    }

    private static long nanos(Rollout rollout, NDArray window) {
        return IntStream.range(0, RUNS)
                .mapToLong(run -> {
                    long started = System.nanoTime();
                    rollout.forecast(window, STEPS).getFloat(0, 0, 0, 0, 0); // a GPU is waited for
                    return System.nanoTime() - started;
                })
                .min()
                .orElseThrow();
    }

    /** Waves that move, (1, K, C, H, W). */
    private NDArray window(NDManager scratch) {
        int places = (int) (context.get(2) * context.get(3));
        var values = new float[(int) context.size()];
        for (int at = 0; at < values.length; at++) {
            int picture = at / places;
            long column = at % context.get(3);
            long row = at % places / context.get(3);
            values[at] = (float) (0.8 * Math.sin(0.3 * column + 0.4 * picture) * Math.cos(0.2 * row + 0.1 * picture));
        }
        return scratch.create(values, new Shape(1).addAll(context));
    }
}
