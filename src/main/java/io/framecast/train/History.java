package io.framecast.train;

import io.framecast.evaluate.Plots;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** All validations of a run, kept as {@code history.csv} so that a resumed run has those before it, too. */
final class History {
    private static final String HEAD = "step,trainingLoss,validationLoss,skill,psnr...";
    private static final int FIRST_PSNR = 4;

    private final Path file;
    private final List<Review> reviews = new ArrayList<>();

    /** Takes up what the file has of the steps until now; begins anew if there is none. */
    History(Path file, int step) {
        this.file = file;
        if (step > 0 && Files.exists(file)) {
            read().stream().filter(review -> review.step() <= step).forEach(reviews::add);
        }
    }

    private List<Review> read() {
        try {
            return Files.readAllLines(file).stream().skip(1).map(History::parse).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static Review parse(String line) {
        String[] cells = line.split(",", -1);
        return new Review(
                Integer.parseInt(cells[0]),
                Double.parseDouble(cells[1]),
                Double.parseDouble(cells[2]),
                Double.parseDouble(cells[3]),
                Arrays.stream(cells, FIRST_PSNR, cells.length)
                        .map(Double::valueOf)
                        .toList());
    }

    /** Adds one, and writes the file. */
    void add(Review review) {
        reviews.add(review);
        var lines = new ArrayList<String>();
        lines.add(HEAD);
        reviews.forEach(one -> lines.add(line(one)));
        try {
            Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private static String line(Review review) {
        String line = String.format(
                Locale.ROOT,
                "%d,%s,%s,%s",
                review.step(),
                review.trainingLoss(),
                review.validationLoss(),
                review.skill());
        return review.psnr().isEmpty()
                ? line
                : line + ","
                        + review.psnr().stream()
                                .map(value -> String.format(Locale.ROOT, "%.3f", value))
                                .collect(Collectors.joining(","));
    }

    List<Review> reviews() {
        return List.copyOf(reviews);
    }

    /** A measure over the steps. */
    Plots.Curve curve(ToDoubleFunction<Review> measure) {
        return new Plots.Curve(
                reviews.stream().mapToDouble(Review::step).toArray(),
                reviews.stream().mapToDouble(measure).toArray());
    }
}
