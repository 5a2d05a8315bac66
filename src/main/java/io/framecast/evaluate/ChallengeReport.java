package io.framecast.evaluate;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.framecast.evaluate.PairedBootstrap.Interval;
import io.framecast.forecast.ModelVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a challenge found, for a person and as JSON.
 *
 * @param champion the model in use
 * @param challenger the other
 * @param cameras each camera that counts
 * @param difference the mean over cameras of how much more skill the challenger has; NaN without a camera
 * @param low where the middle 95 % of that begin, see {@link PairedBootstrap}; NaN without a camera
 * @param high where they end
 * @param drawn what was drawn for the interval: {@code cameras} or {@code blocks of time within cameras}
 * @param verdict whether the challenger is better, and why not
 */
public record ChallengeReport(
        ModelVersion champion,
        ModelVersion challenger,
        List<Camera> cameras,
        double difference,
        double low,
        double high,
        String drawn,
        Verdict verdict) {
    /** Fewer are no evidence, however much better the challenger looks. */
    static final int LEAST_WINDOWS = 100;

    static final int LEAST_BLOCKS = 10;
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** Copies the list. */
    public ChallengeReport {
        cameras = List.copyOf(cameras);
    }

    /** What follows. */
    public enum Verdict {
        BETTER("it is better by more than chance"),
        NO_BETTER("the interval reaches below 0, so it may be no better"),
        WORSE("it is worse by more than chance"),
        TOO_FEW("there are too few windows to tell: " + LEAST_WINDOWS + " in " + LEAST_BLOCKS
                + " stretches of 30 s are the least; let capture go on, or raise --judged-share");

        private final String words;

        Verdict(String words) {
            this.words = words;
        }

        /** In words. */
        public String words() {
            return words;
        }
    }

    /**
     * One camera.
     *
     * @param camera its id
     * @param windows how many both models forecast
     * @param blocks in how many stretches of 30 s these lie
     * @param championSkill the share of persistence's squared error that is gone, over all of them
     * @param challengerSkill the same of the challenger
     */
    public record Camera(String camera, long windows, int blocks, double championSkill, double challengerSkill) {
        /** How much more skill the challenger has. */
        @JsonProperty
        public double difference() {
            return challengerSkill - championSkill;
        }
    }

    static ChallengeReport of(
            ModelVersion champion, ModelVersion challenger, Map<String, PairedErrors.OfCamera> errors, long seed) {
        var cameras = new ArrayList<Camera>();
        var blocks = new LinkedHashMap<String, List<PairedErrors>>();
        errors.forEach((name, camera) -> {
            PairedErrors sum = camera.sum();
            cameras.add(new Camera(
                    name, sum.windows(), camera.blocks().size(), sum.championSkill(), sum.challengerSkill()));
            blocks.put(name, camera.blocks());
        });
        Interval interval =
                cameras.isEmpty() ? new Interval(Double.NaN, Double.NaN) : new PairedBootstrap(seed).interval(blocks);
        return new ChallengeReport(
                champion,
                challenger,
                cameras,
                cameras.stream().mapToDouble(Camera::difference).average().orElse(Double.NaN),
                interval.low(),
                interval.high(),
                PairedBootstrap.drawsCameras(cameras.size()) ? "cameras" : "blocks of time within cameras",
                verdict(cameras, interval));
    }

    private static Verdict verdict(List<Camera> cameras, Interval interval) {
        long windows = cameras.stream().mapToLong(Camera::windows).sum();
        int blocks = cameras.stream().mapToInt(Camera::blocks).sum();
        if (windows < LEAST_WINDOWS || blocks < LEAST_BLOCKS) {
            return Verdict.TOO_FEW;
        }
        if (interval.low() > 0) {
            return Verdict.BETTER;
        }
        return interval.high() < 0 ? Verdict.WORSE : Verdict.NO_BETTER;
    }

    /** Whether the challenger is better by more than chance. */
    @JsonIgnore
    public boolean isBetter() {
        return verdict == Verdict.BETTER;
    }

    /** The report, line by line. */
    public List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add("Skill, 1 - MSE / MSE(persistence), over the same windows of each camera");
        lines.add(String.format(
                Locale.ROOT, "%-24s%9s%12s%12s%12s", "camera", "windows", "in use", "challenger", "difference"));
        for (Camera camera : cameras) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%-24s%9d%+12.4f%+12.4f%+12.4f",
                    camera.camera(),
                    camera.windows(),
                    camera.championSkill(),
                    camera.challengerSkill(),
                    camera.difference()));
        }
        lines.add(String.format(
                Locale.ROOT,
                "%s %s against %s %s: %+.4f, 95 %% between %+.4f and %+.4f (drawn: %s)",
                challenger.name(),
                challenger.version(),
                champion.name(),
                champion.version(),
                difference,
                low,
                high,
                drawn));
        lines.add(challenger.name() + ": " + verdict.words());
        return lines;
    }

    /**
     * Writes {@code challenge.txt} and {@code challenge.json}.
     *
     * @throws UncheckedIOException if the folder cannot be written
     */
    public void write(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.write(folder.resolve("challenge.txt"), lines());
            JSON.writeValue(folder.resolve("challenge.json").toFile(), this);
        } catch (IOException e) {
            throw new UncheckedIOException("the report cannot be written to " + folder, e);
        }
    }
}
