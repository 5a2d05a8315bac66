package io.framecast.evaluate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.framecast.forecast.PixelError;
import io.framecast.score.HorizonScores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** What an evaluation found, as tables for a person and as JSON for a program. */
public final class EvaluationReport {
    private static final String REFERENCE = "persistence";
    private static final List<Integer> STEPS = List.of(1, 5, 10, 20, 32);
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final List<ClipScores> clips;
    private final List<String> models;
    private final Map<String, HorizonScores> pooled = new LinkedHashMap<>();

    /**
     * Takes the scores of all clips.
     *
     * @throws IllegalArgumentException if there is none
     */
    public EvaluationReport(List<ClipScores> clips) {
        if (clips.isEmpty()) {
            throw new IllegalArgumentException("no clip could be evaluated: give DATA with longer clips, or a shorter"
                    + " --context or --horizon");
        }
        this.clips = List.copyOf(clips);
        models = List.copyOf(clips.get(0).models().keySet());
        for (ClipScores clip : clips) {
            clip.models().forEach((model, scores) -> pooled.merge(model, scores, EvaluationReport::both));
        }
    }

    private static HorizonScores both(HorizonScores first, HorizonScores second) {
        HorizonScores sum = first.emptyCopy();
        sum.addAll(first);
        sum.addAll(second);
        return sum;
    }

    /** Names of the models, in the order of the tables. */
    List<String> models() {
        return models;
    }

    /** A measure of a model at each step: the mean over clips. */
    double[] curve(String model, Function<HorizonScores, double[]> measure) {
        return IntStream.range(0, horizon())
                .mapToDouble(step -> clips.stream()
                        .mapToDouble(clip -> measure.apply(clip.of(model))[step])
                        .average()
                        .orElse(Double.NaN))
                .toArray();
    }

    /** The skill of a model at each step: the median over clips. */
    double[] skillCurve(String model) {
        return IntStream.range(0, horizon())
                .mapToDouble(step -> median(clips.stream()
                        .map(clip -> skill(clip, model, scores -> scores.mse()[step]))
                        .toList()))
                .toArray();
    }

    private int horizon() {
        return clips.get(0).of(REFERENCE).horizon();
    }

    /** The tables, line by line: skill, errors, and each clip. */
    public List<String> lines() {
        var lines = new ArrayList<String>();
        skillTable(lines);
        lines.add("");
        errorTable(lines);
        lines.add("");
        clipTable(lines);
        lines.add("");
        stillTable(lines);
        return lines;
    }

    private void skillTable(List<String> lines) {
        lines.add("Skill, 1 - MSE / MSE(persistence): the median over " + clips.size()
                + " clips at each step; then of all windows and steps together, the same over pixels that moved, and"
                + " the worst clip");
        var head = new StringBuilder(String.format("%-24s", "model"));
        steps().forEach(step -> head.append(String.format("%9s", "step " + step)));
        lines.add(head + String.format("%9s%9s%9s  %s", "pooled", "moving", "worst", "on"));
        for (String model : models) {
            double[] skills = skillCurve(model);
            var line = new StringBuilder(String.format("%-24s", model));
            steps().forEach(step -> line.append(number(skills[step - 1])));
            ClipScores worst = clips.stream()
                    .min(Comparator.comparingDouble(clip -> skill(clip, model)))
                    .orElseThrow();
            line.append(number(pooledSkill(model, scores -> HorizonScores.mean(scores.mse()))));
            line.append(number(pooledSkill(model, scores -> HorizonScores.mean(scores.movingError()))));
            line.append(number(skill(worst, model)));
            lines.add(line + "  " + worst.clip());
        }
    }

    private List<Integer> steps() {
        return STEPS.stream().filter(step -> step <= horizon()).toList();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%+9.3f", value);
    }

    private double pooledSkill(String model, ToDoubleFunction<HorizonScores> error) {
        return PixelError.skill(error.applyAsDouble(pooled(model)), error.applyAsDouble(pooled(REFERENCE)));
    }

    private HorizonScores pooled(String model) {
        HorizonScores scores = pooled.get(model);
        if (scores == null) {
            throw new IllegalArgumentException("model '" + model + "' was not evaluated");
        }
        return scores;
    }

    private static double skill(ClipScores clip, String model) {
        return skill(clip, model, scores -> HorizonScores.mean(scores.mse()));
    }

    private static double skill(ClipScores clip, String model, ToDoubleFunction<HorizonScores> error) {
        return PixelError.skill(error.applyAsDouble(clip.of(model)), error.applyAsDouble(clip.of(REFERENCE)));
    }

    private void errorTable(List<String> lines) {
        lines.add("Errors over all steps, the mean over clips (values 0 to 1); summed: over the pixels of a frame, as"
                + " the literature on Moving MNIST, with SSIM of range 2");
        lines.add(String.format(
                "%-24s%10s%10s%9s%13s%9s%12s%12s%9s",
                "model",
                "MSE x1e3",
                "MAE x1e3",
                "PSNR dB",
                "pooled PSNR",
                "SSIM",
                "summed MSE",
                "summed MAE",
                "SSIM2"));
        for (String model : models) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%-24s%10.3f%10.2f%9.2f%13.2f%9.4f%12.2f%12.2f%9.4f",
                    model,
                    1e3 * overClips(model, scores -> HorizonScores.mean(scores.mse())),
                    1e3 * overClips(model, scores -> HorizonScores.mean(scores.mae())),
                    overClips(model, scores -> HorizonScores.mean(scores.psnr())),
                    PixelError.psnr(HorizonScores.mean(pooled(model).mse())),
                    overClips(model, scores -> HorizonScores.mean(scores.ssim())),
                    overClips(model, HorizonScores::summedMse),
                    overClips(model, HorizonScores::summedMae),
                    overClips(model, scores -> HorizonScores.mean(scores.ssimOfRangeTwo()))));
        }
    }

    private double overClips(String model, ToDoubleFunction<HorizonScores> measure) {
        return clips.stream()
                .mapToDouble(clip -> measure.applyAsDouble(clip.of(model)))
                .average()
                .orElse(Double.NaN);
    }

    private void clipTable(List<String> lines) {
        lines.add("Skill on each clip, all steps together");
        byClip(lines, (clip, model) -> String.format(Locale.ROOT, "%+.3f", skill(clip, model)));
    }

    private void stillTable(List<String> lines) {
        lines.add(
                "PSNR of the still background of each clip, the pixels that at no step of the horizon move, in dB: over"
                        + " all steps / at the worst one");
        byClip(lines, (clip, model) -> {
            HorizonScores scores = clip.of(model);
            return String.format(
                    Locale.ROOT,
                    "%.1f/%.1f",
                    scores.stillPsnrOfAllSteps(),
                    Arrays.stream(scores.stillPsnr()).min().orElse(Double.NaN));
        });
    }

    private void byClip(List<String> lines, BiFunction<ClipScores, String, String> cell) {
        var head = new StringBuilder(String.format("%-44s%8s", "clip", "windows"));
        models.forEach(model -> head.append(String.format(" %14.14s", model)));
        lines.add(head.toString());
        for (ClipScores clip : clips) {
            var line = new StringBuilder(
                    String.format("%-44s%8d", clip.clip(), clip.of(REFERENCE).windows()));
            models.forEach(model -> line.append(String.format(" %14s", cell.apply(clip, model))));
            lines.add(line.toString());
        }
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /**
     * Writes {@code {"models": {NAME: {"clips": {CLIP: {"mse": [...], "mae": [...], "psnr": [...], "ssim": [...],
     * "still_psnr": [...]}}}}}}, one value a step.
     *
     * @throws UncheckedIOException if the file cannot be written
     */
    public void writeJson(Path file) {
        var byModel = new LinkedHashMap<String, Object>();
        for (String model : models) {
            var byClip = new LinkedHashMap<String, Object>();
            clips.forEach(clip -> byClip.put(clip.clip(), measures(clip.of(model))));
            byModel.put(model, Map.of("clips", byClip));
        }
        try {
            JSON.writeValue(file.toFile(), Map.of("models", byModel));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write '" + file + "'; choose another --json", e);
        }
    }

    private static Map<String, Object> measures(HorizonScores scores) {
        var measures = new LinkedHashMap<String, Object>();
        measures.put("windows", scores.windows());
        measures.put("mse", scores.mse());
        measures.put("mae", scores.mae());
        measures.put("psnr", scores.psnr());
        measures.put("ssim", scores.ssim());
        measures.put(
                "still_psnr",
                Arrays.stream(scores.stillPsnr())
                        .mapToObj(value -> Double.isFinite(value) ? value : null)
                        .toList());
        return measures;
    }
}
