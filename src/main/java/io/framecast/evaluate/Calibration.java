package io.framecast.evaluate;

import io.framecast.forecast.ExpectedError;
import io.framecast.forecast.Forecast;
import io.framecast.forecast.PixelError;
import io.framecast.forecast.Window;
import io.framecast.frame.Pixels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Fits what a model expects of its own error to the errors that really occurred, step by step: a generalised linear
 * model of gamma errors with a logarithmic link (P. McCullagh, J. Nelder: Generalized Linear Models. 1989), which
 * expects the mean error of windows that look alike, the rare surprise among them included. Every clip counts the same,
 * however long.
 */
public final class Calibration implements Evaluation.WindowListener {
    /** Keeps the numbers small where the recordings say little. */
    private static final double RIDGE = 1e-2;

    private static final double LEAST = 1e-7;
    private static final int MOST_TURNS = 100;

    private final String model;
    private final int context;
    private final List<List<Observation>> steps = new ArrayList<>();

    /**
     * Begins without an observation.
     *
     * @param model whose forecasts count
     * @param context how many real frames it needs
     */
    public Calibration(String model, int context) {
        this.model = model;
        this.context = context;
    }

    /** What was known before and what came out. */
    @SuppressWarnings("ArrayRecordComponent") // only read, and never compared
    private record Observation(String clip, double[] terms, double error) {}

    @Override
    public void forecast(String clip, Window window, List<Pixels> truth, Map<String, Forecast> forecasts) {
        Forecast forecast = forecasts.get(model);
        if (forecast == null) {
            return;
        }
        for (int step = 0; step < truth.size(); step++) {
            if (steps.size() <= step) {
                steps.add(new ArrayList<>());
            }
            Pixels seen = forecast.frames().get(step);
            steps.get(step)
                    .add(new Observation(
                            clip,
                            ExpectedError.terms(window.newest(context), seen),
                            PixelError.meanSquare(seen, truth.get(step))));
        }
    }

    /**
     * The fit.
     *
     * @throws IllegalStateException if no forecast of the model was seen
     */
    public ExpectedError fit() {
        if (steps.isEmpty()) {
            throw new IllegalStateException("no forecast of " + model + " was seen: give longer recordings");
        }
        return new ExpectedError(steps.stream().map(Calibration::fit).toList());
    }

    private static List<Double> fit(List<Observation> observations) {
        var weights = new double[observations.size()];
        for (int i = 0; i < weights.length; i++) {
            String clip = observations.get(i).clip();
            weights[i] = 1.0
                    / observations.stream()
                            .filter(other -> other.clip().equals(clip))
                            .count();
        }
        double[] numbers = leastSquares(observations, weights);
        for (int turn = 0; turn < MOST_TURNS; turn++) {
            double[] change = newton(observations, weights, numbers);
            double largest = Arrays.stream(change).map(Math::abs).max().orElse(0);
            for (int term = 0; term < numbers.length; term++) {
                numbers[term] += change[term] * Math.min(1, 1 / largest); // not too far at once
            }
            if (largest < 1e-6) {
                break;
            }
        }
        return Arrays.stream(numbers)
                .mapToObj(number -> Math.round(number * 1e4) / 1e4)
                .toList();
    }

    /** A step towards the least of the sum of {@code y / m + ln m}, m being the expected and y the real error. */
    private static double[] newton(List<Observation> observations, double[] weights, double[] numbers) {
        int terms = ExpectedError.TERMS;
        var matrix = new double[terms][terms + 1];
        for (int i = 0; i < weights.length; i++) {
            double[] x = observations.get(i).terms();
            double ratio = (observations.get(i).error() + LEAST) / Math.exp(dot(numbers, x));
            for (int row = 0; row < terms; row++) {
                for (int column = 0; column < terms; column++) {
                    matrix[row][column] += weights[i] * ratio * x[row] * x[column];
                }
                matrix[row][terms] += weights[i] * (ratio - 1) * x[row];
            }
        }
        for (int row = 1; row < terms; row++) {
            matrix[row][row] += RIDGE;
            matrix[row][terms] -= RIDGE * numbers[row];
        }
        return solve(matrix);
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** Weighted ridge regression of the logarithm of the error, by the normal equations. */
    private static double[] leastSquares(List<Observation> observations, double[] weights) {
        int terms = ExpectedError.TERMS;
        var matrix = new double[terms][terms + 1];
        for (int i = 0; i < weights.length; i++) {
            double[] x = observations.get(i).terms();
            double y = Math.log(observations.get(i).error() + LEAST);
            for (int row = 0; row < terms; row++) {
                for (int column = 0; column < terms; column++) {
                    matrix[row][column] += weights[i] * x[row] * x[column];
                }
                matrix[row][terms] += weights[i] * x[row] * y;
            }
        }
        for (int row = 1; row < terms; row++) {
            matrix[row][row] += RIDGE;
        }
        matrix[0][0] += 1e-9;
        return solve(matrix);
    }

    /** Gauss's elimination of a positive definite system whose last column is the right side. */
    private static double[] solve(double[][] matrix) {
        int size = matrix.length;
        for (int pivot = 0; pivot < size; pivot++) {
            for (int row = 0; row < size; row++) {
                if (row != pivot) {
                    double factor = matrix[row][pivot] / matrix[pivot][pivot];
                    for (int column = pivot; column <= size; column++) {
                        matrix[row][column] -= factor * matrix[pivot][column];
                    }
                }
            }
        }
        var solution = new double[size];
        for (int row = 0; row < size; row++) {
            solution[row] = matrix[row][size] / matrix[row][row];
        }
        return solution;
    }
}
