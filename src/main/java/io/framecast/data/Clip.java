package io.framecast.data;

import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.source.SourceException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * One recording, ready to draw windows from. As {@link ClipReader} reads it, its frames are on disk.
 *
 * @param name the recording's name
 * @param shape the size of its frames
 * @param stretches its frames in order, in one list for each stretch without a gap; none is empty
 */
public record Clip(String name, FrameShape shape, List<List<Pixels>> stretches) implements TrainingSet {
    /** Copies the lists. */
    public Clip {
        stretches = stretches.stream()
                .map(stretch -> stretch instanceof StoredFrames ? stretch : List.copyOf(stretch))
                .toList();
    }

    /**
     * Reads a recording into memory; one without a frame is no clip.
     *
     * @throws RuntimeException if it cannot be read
     */
    public static Optional<Clip> of(Recording recording) {
        var stretches = new ArrayList<List<Pixels>>();
        var last = new Frame[1];
        recording.read(frame -> {
            Frame before = last[0];
            if (before == null || breaks(before, frame)) {
                stretches.add(new ArrayList<>());
            }
            stretches.get(stretches.size() - 1).add(frame.pixels());
            last[0] = frame;
        });
        return Optional.ofNullable(last[0]).map(frame -> new Clip(recording.name(), frame.shape(), stretches));
    }

    /**
     * Reads a recording into a file.
     *
     * @param file what was written before is kept, and what is read is taken back where the reading fails
     * @throws RuntimeException if it cannot be read
     * @throws IllegalStateException if the file cannot be written
     */
    static Optional<Clip> of(Recording recording, FrameFile file) {
        var lengths = new ArrayList<Integer>();
        var last = new Frame[1];
        long start = file.written();
        try {
            recording.read(frame -> {
                Frame before = last[0];
                if (before == null || breaks(before, frame)) {
                    lengths.add(0);
                }
                file.append(frame.pixels());
                lengths.set(lengths.size() - 1, lengths.get(lengths.size() - 1) + 1);
                last[0] = frame;
            });
        } catch (SourceException | UncheckedIOException e) {
            file.truncate(start);
            throw e;
        }
        return Optional.ofNullable(last[0])
                .map(frame -> new Clip(
                        recording.name(),
                        frame.shape(),
                        stretches(file, start, lengths, frame.shape().bytes())));
    }

    private static List<List<Pixels>> stretches(FrameFile file, long start, List<Integer> lengths, int frameBytes) {
        var stretches = new ArrayList<List<Pixels>>();
        long position = start;
        for (int length : lengths) {
            stretches.add(file.frames(position, length, frameBytes));
            position += (long) length * frameBytes;
        }
        return stretches;
    }

    private static boolean breaks(Frame before, Frame frame) {
        return frame.epoch() != before.epoch()
                || frame.sequence() != before.sequence() + 1
                || !frame.camera().equals(before.camera());
    }

    @Override
    public long length() {
        return stretches.stream().mapToLong(List::size).sum();
    }

    @Override
    public boolean has(int windowLength) {
        return stretches.stream().anyMatch(stretch -> stretch.size() >= windowLength);
    }

    @Override
    public boolean isAugmentable() {
        return true;
    }

    @Override
    public List<Pixels> draw(int least, int usual, int most, int maxStride, Random random) {
        int length = has(usual) ? usual : least;
        List<Pixels> stretch = at(length, random.nextInt(places(length))).stretch();
        int largestStride = Math.min(maxStride, (stretch.size() - 1) / Math.max(1, length - 1));
        int stride = 1 + random.nextInt(largestStride);
        int start = random.nextInt(stretch.size() - (length - 1) * stride);
        var window = new ArrayList<Pixels>();
        for (int at = start; at < stretch.size() && window.size() < most; at += stride) {
            window.add(stretch.get(at));
        }
        return window;
    }

    /**
     * Windows that lie evenly over the clip.
     *
     * @param count how many; fewer if there are not as many
     */
    public List<List<Pixels>> spread(int windowLength, int count) {
        return spread(windowLength, windowLength, count);
    }

    /**
     * Windows whose last frames lie evenly over the clip.
     *
     * @param least how many these are
     * @param most frames of a window; those before the last ones as far as there are some
     * @param count how many windows; fewer if there are not as many
     */
    public List<List<Pixels>> spread(int least, int most, int count) {
        int places = places(least);
        int number = Math.min(count, places);
        var windows = new ArrayList<List<Pixels>>();
        for (int i = 0; i < number; i++) {
            long place = (long) (places - 1) * i / Math.max(1, number - 1);
            Place found = at(least, (int) place);
            windows.add(found.stretch().subList(Math.max(0, found.start() - (most - least)), found.start() + least));
        }
        return windows;
    }

    /** How many windows of neighbouring frames it has. */
    private int places(int windowLength) {
        return stretches.stream()
                .mapToInt(stretch -> Math.max(0, stretch.size() - windowLength + 1))
                .sum();
    }

    private record Place(List<Pixels> stretch, int start) {}

    /** Where the window of a number lies. */
    private Place at(int windowLength, int number) {
        int left = number;
        for (List<Pixels> stretch : stretches) {
            int here = Math.max(0, stretch.size() - windowLength + 1);
            if (left < here) {
                return new Place(stretch, left);
            }
            left -= here;
        }
        throw new IllegalArgumentException("clip " + name + " has no window " + number + " of " + windowLength);
    }
}
