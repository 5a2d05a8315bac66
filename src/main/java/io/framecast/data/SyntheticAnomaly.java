package io.framecast.data;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * A recording with an event planted in it, so that it is known which of its frames nobody could expect. Before the
 * event it is as it was.
 *
 * @param kind what happens
 * @param begin the event's first frame
 * @param end the frame after its last
 * @param frames the whole recording
 * @param centres row and column of the thing in each of the event's frames, for {@link Kind#OBJECT}
 */
public record SyntheticAnomaly(Kind kind, int begin, int end, List<Pixels> frames, List<double[]> centres) {
    /** So long everything is as usual at first. */
    private static final int QUIET_START = 150;

    private static final int SHORTEST = 10;
    private static final int LONGEST = 20;
    private static final int JUMP_LASTS = 3;
    private static final int FAST = 4;
    private static final int BRIGHTER = 40;

    /** What happens. */
    public enum Kind {
        /** A thing is there that was not, and moves. */
        OBJECT,
        /** Everything goes backwards. */
        REVERSAL,
        /** Everything goes four times as fast. */
        SPEED,
        /** Nothing moves any more. */
        FREEZE,
        /** The picture goes on from another moment. */
        JUMP,
        /** The picture is brighter by 40 levels. */
        FLASH
    }

    /** Whether a recording is long enough for an event. */
    public static boolean fits(int frames) {
        return frames > QUIET_START + FAST * LONGEST + 1;
    }

    /**
     * Plants an event at a moment and of a length that chance decides.
     *
     * @param original the recording's frames, at least as many as {@link #fits}
     * @param shape of each
     */
    public static SyntheticAnomaly in(List<Pixels> original, Kind kind, FrameShape shape, Random random) {
        int begin = QUIET_START + random.nextInt(original.size() - QUIET_START - FAST * LONGEST);
        int length = kind == Kind.JUMP ? JUMP_LASTS : SHORTEST + random.nextInt(LONGEST - SHORTEST + 1);
        var centres = new ArrayList<double[]>();
        List<Pixels> stretch = original.subList(begin, begin + length);
        List<Pixels> event = switch (kind) {
            case OBJECT -> new CutPaste(shape, random).appear(stretch, centres);
            case REVERSAL -> take(length, i -> original.get(begin - 2 - i));
            case SPEED -> take(length, i -> original.get(begin - 1 + FAST * (i + 1)));
            case FREEZE -> take(length, i -> original.get(begin - 1));
            case JUMP -> take(original.size() - begin, i -> original.get(begin / 2 + i));
            case FLASH -> stretch.stream().map(SyntheticAnomaly::brighter).toList();
        };
        var frames = new ArrayList<>(original);
        for (int i = 0; i < event.size(); i++) {
            frames.set(begin + i, event.get(i));
        }
        return new SyntheticAnomaly(kind, begin, begin + length, List.copyOf(frames), List.copyOf(centres));
    }

    private static List<Pixels> take(int length, IntFunction<Pixels> which) {
        return IntStream.range(0, length).mapToObj(which).toList();
    }

    private static Pixels brighter(Pixels picture) {
        byte[] bytes = picture.toByteArray();
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Math.min(255, (bytes[i] & 0xFF) + BRIGHTER);
        }
        return Pixels.copyOf(bytes);
    }
}
