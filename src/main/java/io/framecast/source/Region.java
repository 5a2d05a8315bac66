package io.framecast.source;

import java.util.regex.Pattern;

/**
 * A part of a camera's picture, as shares of the picture as it is seen.
 *
 * @param left where it begins, 0 to 1 of the width
 * @param top where it begins, 0 to 1 of the height
 * @param width of it, above 0, at most what is right of {@code left}
 * @param height of it, above 0, at most what is below {@code top}
 */
public record Region(double left, double top, double width, double height) {
    /** All of the picture. */
    public static final Region WHOLE = new Region(0, 0, 1, 1);

    private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");
    private static final double PERCENT = 100;

    /** Sums of shares may miss by rounding. */
    private static final double ROUNDING = 1e-9;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if it is not in the picture
     */
    public Region {
        boolean isInside = left >= 0
                && top >= 0
                && width > 0
                && height > 0
                && left + width <= 1 + ROUNDING
                && top + height <= 1 + ROUNDING;
        if (!isInside) { // also for what is no number
            throw new IllegalArgumentException("a region must lie in the picture");
        }
    }

    /**
     * Reads {@code LEFT,TOP,WIDTH,HEIGHT} in percent of the picture.
     *
     * @throws IllegalArgumentException if it is malformed or not in the picture
     */
    public static Region parse(String text) {
        var parts = COMMA.split(text.strip(), -1);
        if (parts.length != 4) {
            throw new IllegalArgumentException("a region has four numbers");
        }
        return new Region(share(parts[0]), share(parts[1]), share(parts[2]), share(parts[3]));
    }

    private static double share(String percent) {
        return Double.parseDouble(percent) / PERCENT;
    }
}
