package io.framecast.evaluate;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.PixelError;
import io.framecast.forecast.Window;
import io.framecast.frame.Pixels;
import io.framecast.score.HorizonScores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The pictures of an evaluation in one folder: curves over the horizon, and of each clip's liveliest window a strip of
 * all models and an animation of the first of them.
 */
public final class EvaluationPlots implements Evaluation.WindowListener {
    /** Where the plot of skill begins; what is worse than that need not be seen. */
    private static final double WORST_SKILL = -1;

    private final Path folder;
    private @Nullable ComparisonStrip strip;
    private @Nullable ComparisonAnimation animation;
    private String clip = "";
    private double liveliest;

    /**
     * Makes the folder.
     *
     * @throws UncheckedIOException if it cannot be made
     */
    public EvaluationPlots(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the folder '" + folder + "'; choose another --plots", e);
        }
    }

    @Override
    public void forecast(String name, Window window, List<Pixels> truth, Map<String, Forecast> forecasts) {
        Pixels last = window.last().pixels();
        double motion = PixelError.meanSquare(last, truth.get(truth.size() / 2));
        if (!name.equals(clip) || motion > liveliest) {
            clip = name;
            liveliest = motion;
            strip = new ComparisonStrip(window.shape(), last, truth, frames(forecasts));
            animation = new ComparisonAnimation(window, truth, firstModel(forecasts));
        }
    }

    /** The forecast of the first model that is no baseline, or of the first baseline. */
    private static Forecast firstModel(Map<String, Forecast> forecasts) {
        var models = new LinkedHashMap<>(forecasts);
        models.keySet().removeAll(Evaluation.baselines().keySet());
        return (models.isEmpty() ? forecasts : models).values().iterator().next();
    }

    private static Map<String, List<Pixels>> frames(Map<String, Forecast> forecasts) {
        var frames = new LinkedHashMap<String, List<Pixels>>();
        forecasts.forEach((model, forecast) -> frames.put(model, forecast.frames()));
        return frames;
    }

    /** Writes strip and animation of a clip that is complete. */
    public void clipDone(ClipScores scores) {
        if (strip != null && animation != null && clip.equals(scores.clip())) {
            String name = scores.clip().replaceAll("[^A-Za-z0-9._-]+", "-");
            strip.write(folder.resolve("strip-" + name + ".png"));
            animation.write(folder.resolve("animation-" + name + ".gif"));
        }
    }

    /** Writes the curves. */
    public void write(EvaluationReport report) {
        curves(report, "mse", "MSE, values 0 to 1, mean over clips", HorizonScores::mse);
        curves(report, "mae", "MAE, values 0 to 1, mean over clips", HorizonScores::mae);
        curves(report, "psnr", "PSNR in dB, mean over clips", HorizonScores::psnr);
        curves(report, "ssim", "SSIM, mean over clips", HorizonScores::ssim);
        var skills = new LinkedHashMap<String, Plots.Curve>();
        report.models().forEach(model -> skills.put(model, Plots.Curve.ofSteps(report.skillCurve(model))));
        Plots.write(
                folder.resolve("skill.png"),
                "Skill, median over clips",
                "step",
                "1 - MSE / MSE(persistence)",
                OptionalDouble.of(WORST_SKILL),
                skills);
    }

    private void curves(EvaluationReport report, String name, String title, Function<HorizonScores, double[]> measure) {
        var curves = new LinkedHashMap<String, Plots.Curve>();
        report.models().forEach(model -> curves.put(model, Plots.Curve.ofSteps(report.curve(model, measure))));
        Plots.write(
                folder.resolve(name + ".png"),
                title,
                "step",
                name.toUpperCase(Locale.ROOT),
                OptionalDouble.empty(),
                curves);
    }
}
