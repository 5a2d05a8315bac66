package io.framecast.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.List;

/**
 * Adam (Kingma and Ba 2015) by the engine's own kernel. DJL's optimizer of that name keeps its moments to itself, so a
 * checkpoint could not hold them.
 */
final class Adam {
    private static final float BETA1 = 0.9f;
    private static final float BETA2 = 0.999f;
    private static final float EPSILON = 1e-8f;

    private final List<NDArray> weights;
    private final List<NDArray> means;
    private final List<NDArray> variances;
    private int step;

    /** Starts with moments of zero for weights that require a gradient. */
    Adam(List<NDArray> weights) {
        this.weights = weights;
        means = weights.stream().map(NDArray::zerosLike).toList();
        variances = weights.stream().map(NDArray::zerosLike).toList();
    }

    /**
     * Moves the weights against their gradients and clears those.
     *
     * @param rate the learning rate
     * @param clipNorm the largest norm of all gradients together; larger ones are scaled down to it
     * @return the norm of the gradients before that
     */
    double update(double rate, double clipNorm) {
        double norm = gradientNorm();
        if (!Double.isFinite(norm)) {
            return norm;
        }
        step++;
        double bias1 = 1 - Math.pow(BETA1, step);
        double bias2 = 1 - Math.pow(BETA2, step);
        float corrected = (float) (rate * Math.sqrt(bias2) / bias1);
        float scale = (float) Math.min(1, clipNorm / Math.max(norm, 1e-12));
        for (int i = 0; i < weights.size(); i++) {
            NDArray weight = weights.get(i);
            try (NDArray gradient = weight.getGradient()) {
                var inputs = new NDList(weight, gradient, means.get(i), variances.get(i));
                weight.getNDArrayInternal()
                        .adamUpdate(
                                inputs,
                                new NDList(weight),
                                (float) rate,
                                corrected,
                                0,
                                scale,
                                -1,
                                BETA1,
                                BETA2,
                                EPSILON,
                                true,
                                false);
            }
        }
        return norm;
    }

    private double gradientNorm() {
        double sum = 0;
        try (NDManager scratch = weights.get(0).getManager().newSubManager()) {
            for (NDArray weight : weights) {
                NDArray gradient = weight.getGradient();
                gradient.attach(scratch);
                sum += gradient.square().sum().getFloat();
            }
        }
        return Math.sqrt(sum);
    }

    /** All moments, named, for a checkpoint. */
    NDList moments() {
        var moments = new NDList();
        for (int i = 0; i < weights.size(); i++) {
            means.get(i).setName("mean" + i);
            variances.get(i).setName("variance" + i);
            moments.add(means.get(i));
            moments.add(variances.get(i));
        }
        return moments;
    }

    /** Takes up moments that {@link #moments} gave, and the number of steps made until then. */
    void resume(NDList moments, int steps) {
        for (NDArray moment : moments) {
            String name = moment.getName();
            int index = Integer.parseInt(name.replaceAll("\\D", ""));
            moment.copyTo((name.startsWith("mean") ? means : variances).get(index));
        }
        step = steps;
    }
}
