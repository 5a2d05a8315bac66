package io.framecast.data;

import io.framecast.frame.CameraId;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Synthetic sequences: read as a recording they are a fixed number from a fixed seed, each an epoch of its own; in
 * training, new ones are drawn forever.
 *
 * <p>On the command line {@code synthetic:moving-digits} or {@code synthetic:bouncing-shapes}, with settings as in
 * {@code synthetic:moving-digits?sequences=1000&length=20&seed=1&part=test&digits=FILE}.
 */
public abstract class SyntheticSet implements Recording, TrainingSet {
    /** What their names begin with. */
    public static final String PREFIX = "synthetic:";

    private static final int LONGEST = 10_000;
    /** An endless set counts as a clip of this many frames: a minute or two of video. */
    private static final long COUNTS_AS = 2000;

    private static final double RATE = 10;

    /** Which sequences: those to learn from, or others that share nothing with them. */
    public enum Part {
        TRAIN,
        TEST
    }

    /**
     * How a set is read.
     *
     * @param sequences how many
     * @param length frames of each
     * @param seed of all of them
     * @param part which
     */
    public record Settings(int sequences, int length, long seed, Part part) {
        /** A random state for each sequence; those of the two parts are never the same. */
        Random random(int sequence) {
            return new Random((seed * 2 + (part == Part.TRAIN ? 0 : 1)) * 1_000_003L + sequence);
        }
    }

    private final String name;
    private final FrameShape shape;
    private final Settings settings;

    SyntheticSet(String name, FrameShape shape, Settings settings) {
        this.name = name;
        this.shape = shape;
        this.settings = settings;
    }

    /**
     * The set that DATA names.
     *
     * @throws IllegalArgumentException if there is none of that name, or a setting is malformed
     */
    static SyntheticSet parse(String data, FrameShape shape, Optional<Path> digits, Part part) {
        String[] halves = data.substring(PREFIX.length()).split("\\?", 2);
        var query = new TreeMap<String, String>();
        if (halves.length == 2) {
            for (String setting : halves[1].split("&", -1)) {
                String[] sides = setting.split("=", 2);
                query.put(sides[0], sides.length == 2 ? sides[1] : "");
            }
        }
        boolean isDigits = halves[0].equals("moving-digits");
        if (!isDigits && !halves[0].equals("bouncing-shapes")) {
            throw new IllegalArgumentException(
                    "data '" + data + "' is unknown: use synthetic:moving-digits or synthetic:bouncing-shapes");
        }
        String file = query.remove("digits");
        var settings = settings(data, query, isDigits ? 20 : 42, part);
        if (!isDigits) {
            return new BouncingShapes(data, shape, settings);
        }
        Path idx = Optional.ofNullable(file)
                .map(Path::of)
                .or(() -> digits)
                .orElseThrow(() -> new IllegalArgumentException("data '" + data
                        + "' needs handwritten digits: give --digits FILE, an idx file such as MNIST's images"));
        return new MovingDigits(data, shape, settings, Digits.read(idx, settings.part()));
    }

    private static Settings settings(String data, Map<String, String> query, int usualLength, Part part) {
        int sequences = whole(data, query.remove("sequences"), 100);
        int length = whole(data, query.remove("length"), usualLength);
        int seed = whole(data, query.remove("seed"), 1);
        String named = Optional.ofNullable(query.remove("part")).orElse(part == Part.TRAIN ? "train" : "test");
        if (!query.isEmpty() || (!named.equals("train") && !named.equals("test"))) {
            throw new IllegalArgumentException("data '" + data
                    + "' has an unknown setting: it may have sequences, length, seed, part=train|test and digits");
        }
        return new Settings(sequences, length, seed, named.equals("train") ? Part.TRAIN : Part.TEST);
    }

    private static int whole(String data, @Nullable String text, int usual) {
        if (text == null) {
            return usual;
        }
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > LONGEST) {
            throw new IllegalArgumentException(
                    "data '" + data + "' has the setting '" + text + "': use a whole number from 1 to " + LONGEST);
        }
        return Integer.parseInt(text);
    }

    /** Makes up a sequence of a number of frames. */
    abstract List<Pixels> sequence(int length, Random random);

    @Override
    public String name() {
        return name;
    }

    @Override
    public FrameShape shape() {
        return shape;
    }

    Settings settings() {
        return settings;
    }

    @Override
    public void read(Consumer<Frame> reader) {
        var places = new FramePlaces(new CameraId("synthetic"), RATE);
        for (int i = 0; i < settings.sequences(); i++) {
            places.gap();
            for (Pixels picture : sequence(settings.length(), settings.random(i))) {
                reader.accept(places.next(shape, picture));
            }
        }
    }

    @Override
    public long length() {
        return COUNTS_AS;
    }

    @Override
    public boolean has(int windowLength) {
        return true;
    }

    @Override
    public boolean isAugmentable() {
        return false;
    }

    @Override
    public List<Pixels> draw(int least, int usual, int most, int maxStride, Random random) {
        return sequence(most, random);
    }
}
