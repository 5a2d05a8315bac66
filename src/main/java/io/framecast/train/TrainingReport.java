package io.framecast.train;

import io.framecast.evaluate.ComparisonStrip;
import io.framecast.evaluate.Plots;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** A folder that shows how a training goes: plots, strips of forecasts, and a page that joins them. */
final class TrainingReport {
    private static final double WORST_SKILL = -1;

    private final Path folder;
    private final String title;
    private final Map<String, Object> settings;

    TrainingReport(Path folder, String title, Map<String, Object> settings) {
        this.folder = folder;
        this.title = title;
        this.settings = settings;
    }

    /**
     * Writes it anew.
     *
     * @param strips forecasts of validation windows, by the name of the clip
     * @throws UncheckedIOException if it cannot be written
     */
    void write(History history, Map<String, ComparisonStrip> strips) {
        try {
            Files.createDirectories(folder);
            var pictures = new ArrayList<String>();
            plots(history, pictures);
            strips.forEach((clip, strip) -> {
                String name = "strip-" + clip.replaceAll("[^A-Za-z0-9._-]+", "-") + ".png";
                strip.write(folder.resolve(name));
                pictures.add(name);
            });
            Files.writeString(folder.resolve("index.html"), page(history, pictures));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the report to " + folder, e);
        }
    }

    private void plots(History history, List<String> pictures) {
        var losses = new LinkedHashMap<String, Plots.Curve>();
        losses.put("training", history.curve(Review::trainingLoss));
        losses.put("validation", history.curve(Review::validationLoss));
        Plots.write(folder.resolve("loss.png"), "Loss", "step", "loss", OptionalDouble.empty(), losses);
        pictures.add("loss.png");
        Review newest = history.reviews().get(history.reviews().size() - 1);
        if (newest.psnr().isEmpty()) {
            return;
        }
        Plots.write(
                folder.resolve("skill.png"),
                "Validation skill, mean over clips",
                "step",
                "1 - MSE / MSE(persistence)",
                OptionalDouble.of(WORST_SKILL),
                Map.of("skill", history.curve(Review::skill)));
        pictures.add("skill.png");
        Plots.write(
                folder.resolve("psnr.png"),
                "PSNR after " + newest.step() + " training steps",
                "forecast step",
                "dB",
                OptionalDouble.empty(),
                Map.of(
                        "validation",
                        Plots.Curve.ofSteps(newest.psnr().stream()
                                .mapToDouble(Double::doubleValue)
                                .toArray())));
        pictures.add("psnr.png");
    }

    private String page(History history, List<String> pictures) {
        var page = new StringBuilder("<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>"
                + escaped(title)
                + "</title>\n<style>body{font-family:sans-serif;margin:2em;max-width:60em}img{max-width:100%}"
                + "td,th{text-align:right;padding:0 1em 0 0}</style>\n<h1>" + escaped(title) + "</h1>\n");
        pictures.forEach(name -> page.append("<p><img src=\"")
                .append(name)
                .append("\" alt=\"")
                .append(name)
                .append("\"></p>\n"));
        page.append("<table><tr><th>step<th>training loss<th>validation loss<th>skill</tr>\n");
        history.reviews()
                .forEach(review -> page.append(String.format(
                        Locale.ROOT,
                        "<tr><td>%d<td>%.5g<td>%.5g<td>%+.4f</tr>%n",
                        review.step(),
                        review.trainingLoss(),
                        review.validationLoss(),
                        review.skill())));
        page.append("</table>\n<table>\n");
        settings.forEach((name, value) -> page.append("<tr><td>")
                .append(escaped(name))
                .append("<td>")
                .append(escaped(String.valueOf(value)))
                .append("</tr>\n"));
        return page.append("</table>\n</html>\n").toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
