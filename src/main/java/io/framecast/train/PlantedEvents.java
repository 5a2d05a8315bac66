package io.framecast.train;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * A recording into which events were planted, so that it is known which of its frames nobody could expect. Between
 * events, and before the first, it is left as it was.
 */
final class PlantedEvents {
    /** So long everything is as usual at first. */
    private static final int QUIET_START = 70;

    /** The least time between the end of an event and the next one. */
    private static final int QUIET = 35;

    private static final int QUIET_MORE = 20;

    /** After an event its frames are still in forecasts' contexts: they count neither as event nor as usual. */
    private static final int AFTERMATH = 15;

    private static final int SHORTEST = 10;
    private static final int LONGEST = 20;
    private static final int JUMP_LASTS = 3;
    private static final int SPEED = 4;
    private static final int BRIGHTER = 40;

    /** What happens. */
    enum Kind {
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

    /** What a frame is. */
    enum Label {
        USUAL,
        EVENT,
        AFTERMATH
    }

    /**
     * An event.
     *
     * @param kind what happens
     * @param begin its first frame
     * @param end the frame after its last
     * @param centres row and column of the thing in each frame, for {@link Kind#OBJECT}
     */
    record Event(Kind kind, int begin, int end, List<double[]> centres) {}

    private final List<Pixels> frames;
    private final List<Event> events = new ArrayList<>();

    private PlantedEvents(List<Pixels> frames) {
        this.frames = new ArrayList<>(frames);
    }

    /**
     * Plants events of all kinds in turn.
     *
     * @param original the recording's frames
     * @param shape of each
     */
    static PlantedEvents in(List<Pixels> original, FrameShape shape, Random random) {
        var planted = new PlantedEvents(original);
        int kind = random.nextInt(Kind.values().length);
        int at = QUIET_START + random.nextInt(QUIET_MORE);
        while (at + SPEED * LONGEST + AFTERMATH < original.size()) {
            int length = SHORTEST + random.nextInt(LONGEST - SHORTEST + 1);
            planted.plant(Kind.values()[kind], at, length, shape, random);
            at += length + QUIET + random.nextInt(QUIET_MORE);
            kind = (kind + 1) % Kind.values().length;
        }
        return planted;
    }

    /** Whether a recording is long enough for an event. */
    static boolean fit(int frames) {
        return frames > QUIET_START + QUIET_MORE + SPEED * LONGEST + AFTERMATH;
    }

    private void plant(Kind kind, int begin, int length, FrameShape shape, Random random) {
        List<Pixels> usual = List.copyOf(frames);
        List<Pixels> stretch = usual.subList(begin, begin + length);
        var centres = new ArrayList<double[]>();
        switch (kind) {
            case OBJECT -> set(begin, new PastedThings(shape, random).appear(stretch, centres));
            case REVERSAL -> set(begin, take(length, i -> usual.get(begin - 2 - i)));
            case SPEED -> set(begin, take(length, i -> usual.get(begin - 1 + SPEED * (i + 1))));
            case FREEZE -> set(begin, take(length, i -> usual.get(begin - 1)));
            case JUMP -> set(begin, usual.subList(begin / 2, begin / 2 + usual.size() - begin));
            case FLASH ->
                set(begin, stretch.stream().map(PlantedEvents::brighter).toList());
        }
        events.add(new Event(kind, begin, begin + (kind == Kind.JUMP ? JUMP_LASTS : length), List.copyOf(centres)));
    }

    private static List<Pixels> take(int length, IntFunction<Pixels> which) {
        return IntStream.range(0, length).mapToObj(which).toList();
    }

    private void set(int begin, List<Pixels> stretch) {
        for (int i = 0; i < stretch.size(); i++) {
            frames.set(begin + i, stretch.get(i));
        }
    }

    private static Pixels brighter(Pixels picture) {
        byte[] bytes = picture.toByteArray();
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Math.min(255, (bytes[i] & 0xFF) + BRIGHTER);
        }
        return Pixels.copyOf(bytes);
    }

    /** The frames with the events in them. */
    List<Pixels> frames() {
        return List.copyOf(frames);
    }

    /** The events, in order. */
    List<Event> events() {
        return List.copyOf(events);
    }

    /** What a frame is. */
    Label label(int frame) {
        for (Event event : events) {
            if (frame >= event.begin() && frame < event.end()) {
                return Label.EVENT;
            }
            if (frame >= event.end() && frame < event.end() + AFTERMATH) {
                return Label.AFTERMATH;
            }
        }
        return Label.USUAL;
    }
}
