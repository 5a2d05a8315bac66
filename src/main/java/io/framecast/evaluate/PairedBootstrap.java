package io.framecast.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/**
 * How far the mean difference of two models can be trusted: a percentile bootstrap of B. Efron (1979), "Bootstrap
 * methods: another look at the jackknife". With many cameras, whole cameras are drawn, because those of tomorrow may be
 * others; with few, blocks of time within each camera (H. Künsch, 1989), which speaks for these cameras only.
 */
final class PairedBootstrap {
    /** From so many cameras on, cameras are drawn: of fewer, the interval would be much too narrow. */
    static final int CAMERAS = 8;

    private static final int DRAWS = 4000;
    private static final double TAIL = 0.025;

    private final Random random;

    /** Draws by a seed, so that the same errors give the same interval. */
    PairedBootstrap(long seed) {
        random = new Random(seed);
    }

    /**
     * The middle 95 % of what the mean difference over cameras may be.
     *
     * @param low what it is above with 97.5 %
     * @param high what it is below with 97.5 %
     */
    record Interval(double low, double high) {}

    /** Whether cameras are drawn, not blocks of time. */
    static boolean drawsCameras(int cameras) {
        return cameras >= CAMERAS;
    }

    /**
     * The interval.
     *
     * @param cameras the blocks of each camera, one at least
     */
    Interval interval(Map<String, List<PairedErrors>> cameras) {
        List<List<PairedErrors>> all = List.copyOf(cameras.values());
        return drawsCameras(all.size())
                ? interval(() -> ofDrawnCameras(differences(all)))
                : interval(() -> mean(differences(all.stream().map(this::drawn).toList())));
    }

    private static double[] differences(List<List<PairedErrors>> cameras) {
        return cameras.stream()
                .mapToDouble(blocks -> PairedErrors.sum(blocks).difference())
                .toArray();
    }

    private double ofDrawnCameras(double[] differences) {
        var drawn = new double[differences.length];
        Arrays.setAll(drawn, i -> differences[random.nextInt(differences.length)]);
        return mean(drawn);
    }

    private List<PairedErrors> drawn(List<PairedErrors> blocks) {
        var drawn = new ArrayList<PairedErrors>();
        for (int i = 0; i < blocks.size(); i++) {
            drawn.add(blocks.get(random.nextInt(blocks.size())));
        }
        return drawn;
    }

    private static Interval interval(Supplier<Double> draw) {
        var means = new double[DRAWS];
        Arrays.setAll(means, i -> draw.get());
        Arrays.sort(means);
        return new Interval(means[(int) (TAIL * DRAWS)], means[(int) ((1 - TAIL) * DRAWS) - 1]);
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }
}
