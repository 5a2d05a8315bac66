package io.framecast.train;

import io.framecast.evaluate.ComparisonStrip;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a training leaves for people to look at: TensorBoard's event files, {@code history.csv} and the report. */
final class TrainingRecord implements AutoCloseable {
    private static final List<Integer> STEPS = List.of(1, 5, 10, 20, 32);

    private final History history;
    private final TrainingReport report;
    private final EventFile training;
    private final EventFile validation;

    /**
     * Begins, or goes on.
     *
     * @param out the run's folder
     * @param step how many steps are done
     */
    TrainingRecord(Path out, String name, TrainingConfig config, int step) {
        history = new History(out.resolve("history.csv"), step);
        report = new TrainingReport(out.resolve("report"), name, config.settings());
        Clock clock = Clock.systemUTC();
        training = new EventFile(out.resolve("events/training"), step, clock);
        validation = new EventFile(out.resolve("events/validation"), step, clock);
    }

    /** Takes a step. */
    void step(int step, double loss, double rate, double gradientNorm) {
        training.scalar("loss", step, loss);
        training.scalar("learning_rate", step, rate);
        training.scalar("gradient_norm", step, gradientNorm);
    }

    /** Takes a validation, and draws everything anew. */
    void review(Review review, Map<String, ComparisonStrip> strips) {
        history.add(review);
        int step = review.step();
        if (!review.psnr().isEmpty()) {
            validation.scalar("loss", step, review.validationLoss());
            validation.scalar("skill", step, review.skill());
        }
        STEPS.stream()
                .filter(horizon -> horizon <= review.psnr().size())
                .forEach(horizon -> validation.scalar(
                        String.format(Locale.ROOT, "psnr/step_%02d", horizon),
                        step,
                        review.psnr().get(horizon - 1)));
        Map<String, BufferedImage> pictures = new LinkedHashMap<>();
        strips.forEach((clip, strip) -> pictures.put(clip, strip.draw()));
        pictures.forEach((clip, picture) -> validation.image("forecast/" + clip, step, picture));
        report.write(history, strips);
    }

    @Override
    public void close() {
        training.close();
        validation.close();
    }
}
