package io.framecast.model;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Frames in which everything changes: of a still picture, networks may leave out most of their arithmetic. */
final class NoisyWindow {
    private NoisyWindow() {}

    /** Some frames, each time the same ones. */
    static List<Pixels> of(FrameShape shape, int frames) {
        var noise = new Random(0);
        return Stream.generate(() -> new byte[shape.bytes()])
                .peek(noise::nextBytes)
                .map(Pixels::copyOf)
                .limit(frames)
                .toList();
    }
}
