package io.framecast.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.framecast.data.Clip;
import io.framecast.evaluate.ComparisonStrip;
import io.framecast.forecast.PixelError;
import io.framecast.frame.Pixels;
import io.framecast.model.FrameArrays;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The same windows of the validation clips, forecast in closed loop again and again as training goes on. */
final class Validation {
    private static final int WINDOWS_A_CLIP = 6;
    private static final int WINDOWS_OF_MANY_STRETCHES = 48;
    private static final int STRETCHES = 6;
    private static final int BATCH = 6;
    private static final int STRIPS = 4;
    /** From differences of values in -1 to 1 to those in 0 to 1, squared. */
    private static final double RANGE_SQUARED = 4;

    private final List<Clip> clips;
    private final TrainingConfig config;

    Validation(List<Clip> clips, TrainingConfig config) {
        this.clips = clips.stream()
                .filter(clip -> clip.has(
                        config.sampling().leastContext() + config.validation().horizon()))
                .toList();
        this.config = config;
    }

    boolean isEmpty() {
        return clips.isEmpty();
    }

    /**
     * What a validation found.
     *
     * @param loss the training's own measure; NaN if no clip is long enough for it
     * @param skill the mean over clips of 1 - MSE / MSE(persistence), each pooled over windows and steps
     * @param psnr of each step, in dB, the mean over windows
     * @param strips a forecast of each of the first clips
     */
    record Found(double loss, double skill, List<Double> psnr, Map<String, ComparisonStrip> strips) {}

    /** Measures the network with the weights as they are. */
    Found measure(Trainer trainer) {
        var psnr = new double[config.validation().horizon()];
        var strips = new LinkedHashMap<String, ComparisonStrip>();
        double skills = 0;
        long windows = 0;
        for (Clip clip : clips) {
            var sums = new Sums();
            for (List<List<Pixels>> batch : batches(clip, config.validation().horizon())) {
                forecast(trainer, clip, batch, sums, strips);
            }
            skills += PixelError.skill(sums.error, sums.still);
            windows += sums.windows;
            for (int step = 0; step < psnr.length; step++) {
                psnr[step] += sums.psnr[step];
            }
        }
        long all = windows;
        return new Found(
                loss(trainer),
                skills / clips.size(),
                Arrays.stream(psnr).mapToObj(sum -> sum / all).toList(),
                strips);
    }

    private final class Sums {
        private final double[] psnr = new double[config.validation().horizon()];
        private double error;
        private double still;
        private long windows;
    }

    /** Windows with so many frames after the context, whose first one is repeated in place of what the clip lacks. */
    private List<List<List<Pixels>>> batches(Clip clip, int after) {
        int whole = config.sampling().contextLength() + after;
        List<List<Pixels>> windows = clip
                .spread(
                        config.sampling().leastContext() + after,
                        whole,
                        clip.stretches().size() > STRETCHES ? WINDOWS_OF_MANY_STRETCHES : WINDOWS_A_CLIP)
                .stream()
                .map(window -> FrameArrays.filledUp(window, whole))
                .toList();
        var batches = new ArrayList<List<List<Pixels>>>();
        for (int i = 0; i < windows.size(); i += BATCH) {
            batches.add(windows.subList(i, Math.min(windows.size(), i + BATCH)));
        }
        return batches;
    }

    private void forecast(
            Trainer trainer, Clip clip, List<List<Pixels>> windows, Sums sums, Map<String, ComparisonStrip> strips) {
        int context = config.sampling().contextLength();
        try (NDManager scratch = trainer.newScratch()) {
            NDArray all = FrameArrays.toArray(scratch, windows, clip.shape());
            NDArray truth = all.get(new NDIndex(":, {}:", context));
            NDArray last = all.get(new NDIndex(":, {}:{}", context - 1, context));
            List<List<Pixels>> contexts =
                    windows.stream().map(window -> window.subList(0, context)).toList();
            NDArray forecast = trainer.forecast(
                            scratch, contexts, config.validation().horizon())
                    .clip(-1, 1);
            float[] errors = meanSquares(forecast.sub(truth));
            float[] still = meanSquares(last.sub(truth));
            IntStream.range(0, errors.length).forEach(i -> {
                sums.error += errors[i];
                sums.still += still[i];
                sums.psnr[i % sums.psnr.length] += PixelError.psnr(errors[i] / RANGE_SQUARED);
            });
            sums.windows += windows.size();
            if (strips.size() < STRIPS && !strips.containsKey(clip.name())) {
                strips.put(clip.name(), strip(clip, windows.get(0), FrameArrays.toPixels(forecast, clip.shape())));
            }
        }
    }

    /** (B, T, C, H, W) to B x T values. */
    private static float[] meanSquares(NDArray difference) {
        Shape tensorShape = difference.getShape();
        return difference
                .square()
                .reshape(tensorShape.get(0), tensorShape.get(1), -1)
                .mean(new int[] {2})
                .toFloatArray();
    }

    private ComparisonStrip strip(Clip clip, List<Pixels> window, List<List<Pixels>> forecasts) {
        int context = config.sampling().contextLength();
        return new ComparisonStrip(
                clip.shape(),
                window.get(context - 1),
                window.subList(context, window.size()),
                Map.of("forecast", forecasts.get(0)));
    }

    private double loss(Trainer trainer) {
        double sum = 0;
        long windows = 0;
        for (Clip clip : clips) {
            for (List<List<Pixels>> batch :
                    batches(clip, config.windowLength() - config.sampling().contextLength())) {
                sum += trainer.loss(batch) * batch.size();
                windows += batch.size();
            }
        }
        return windows == 0 ? Double.NaN : sum / windows;
    }
}
