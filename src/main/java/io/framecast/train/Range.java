package io.framecast.train;

import java.math.BigDecimal;

/** Refuses settings outside their range. */
final class Range {
    private Range() {}

    /**
     * Checks one setting.
     *
     * @param key of the setting, as {@code sampling.batch}
     * @param most {@link Integer#MAX_VALUE} or more for no limit
     * @throws IllegalArgumentException if the value is not from {@code least} to {@code most}, or NaN
     */
    static void require(String key, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException(key + " " + plain(value) + " is out of range: "
                    + (most >= Integer.MAX_VALUE ? plain(least) + " or more" : plain(least) + " to " + plain(most)));
        }
    }

    /** Without the {@code .0} of whole numbers. */
    private static String plain(double value) {
        return Double.isFinite(value)
                ? BigDecimal.valueOf(value).stripTrailingZeros().toPlainString()
                : String.valueOf(value);
    }
}
