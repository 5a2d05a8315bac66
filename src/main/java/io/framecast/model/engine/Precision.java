package io.framecast.model.engine;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What networks compute with when they forecast. Training is always in float32. */
public enum Precision {
    /** The faster of the others that a network was seen to compute rightly with, on this machine. */
    AUTO,
    /** 24-bit significand, 8-bit exponent. */
    FLOAT32,
    /** 8-bit significand, 8-bit exponent: half the memory, and faster on processors and GPUs that support it. */
    BFLOAT16;

    /**
     * The precision of a name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Precision named(String title) {
        return Arrays.stream(values())
                .filter(precision -> precision.title().equals(title))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("precision '" + title + "' is unknown: use "
                        + Arrays.stream(values()).map(Precision::title).collect(Collectors.joining(" or "))));
    }

    /** Its name on the command line. */
    public String title() {
        return name().toLowerCase(Locale.ROOT);
    }
}
