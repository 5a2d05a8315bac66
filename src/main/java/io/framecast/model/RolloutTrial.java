package io.framecast.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import io.framecast.model.engine.Precision;
import java.util.Collections;
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

    /** Arrays that fill the engine's memory with NaN, and the floats by which each is longer than the one before. */
    private static final int SOILED_ARRAYS = 40;

    private static final int SOILED_STEP = 5_000;

    private final RecurrentPredictor network;
    private final NDManager manager;
    private final Shape context;

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
            Optional<Rollout> precise = asked == Precision.BFLOAT16
                    ? Optional.empty()
                    : candidate(DataType.FLOAT32, FLOAT32_TOLERANCE, window, expected);
            if (asked == Precision.FLOAT32) {
                return verdict(precise, Precision.FLOAT32, window);
            }
            Optional<Rollout> coarse = candidate(DataType.BFLOAT16, BFLOAT16_TOLERANCE, window, expected);
            if (asked == Precision.BFLOAT16) {
                return verdict(Optional.of(coarse.orElseThrow(RolloutTrial::noBfloat16)), Precision.BFLOAT16, window);
            }
            return faster(precise, coarse, window);
        }
    }

    private static ModelException noBfloat16() {
        return new ModelException(
                ModelException.Reason.UNSUPPORTED,
                "precision 'bfloat16' cannot be used: this machine's engine does not compute rightly with it; use"
                        + " --precision auto");
    }

    private Verdict faster(Optional<Rollout> precise, Optional<Rollout> coarse, NDArray window) {
        if (coarse.isEmpty() || precise.isEmpty()) {
            coarse.ifPresent(Rollout::close); // where float32 is wrong, nothing else is to be trusted
            return verdict(precise, Precision.FLOAT32, window);
        }
        double gain = (double) nanos(precise.get(), window) / nanos(coarse.get(), window);
        LOG.debug("bfloat16 is {} times as fast as float32", gain);
        boolean better = gain > CLEARLY_FASTER;
        (better ? precise : coarse).get().close();
        return better ? verdict(coarse, Precision.BFLOAT16, window) : verdict(precise, Precision.FLOAT32, window);
    }

    private static Verdict verdict(Optional<Rollout> rollout, Precision precision, NDArray window) {
        int together = rollout.filter(found -> gainsTogether(found, window)).isPresent() ? TOGETHER : 1;
        return new Verdict(rollout, precision, together);
    }

    /** Weights are then read once for several windows; but where states are large, caches hold those of one only. */
    private static boolean gainsTogether(Rollout rollout, NDArray window) {
        NDArray windows = NDArrays.concat(new NDList(Collections.nCopies(TOGETHER, window)));
        NDArray alone = rollout.forecast(window, STEPS);
        boolean same = rollout.forecast(windows, STEPS).sub(alone).abs().max().getFloat() == 0;
        return same && nanos(rollout, window) * TOGETHER > CLEARLY_FASTER * nanos(rollout, windows);
    }

    private Optional<Rollout> candidate(DataType type, float tolerance, NDArray window, NDArray expected) {
        soilMemory();
        Optional<Rollout> rollout = Rollout.of(network, manager, context.slice(1), type);
        if (rollout.isEmpty()) {
            return rollout;
        }
        float difference = difference(rollout.get(), window, expected);
        if (difference <= tolerance) { // not so for NaN
            return rollout;
        }
        LOG.warn(
                "the engine's packed layers compute wrongly in {}: {} on average; they are not used", type, difference);
        rollout.get().close();
        return Optional.empty();
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

    /** So that a kernel that reads what nobody has written gives itself away. */
    private void soilMemory() {
        try (NDManager scratch = manager.newSubManager()) {
            for (int i = 1; i <= SOILED_ARRAYS; i++) {
                scratch.full(new Shape((long) SOILED_STEP * i), Float.NaN);
            }
        }
    }
}
