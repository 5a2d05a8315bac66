package io.framecast.data;

import java.io.IOException;

/** Which brightness the values of an array stand for: how they become 0 for black to 255 for white. */
final class NpyBrightness {
    private static final int WHITE = 255;
    /** Numbers that are not whole and stay below are rather 0 to 1 with some beyond than a picture so dark. */
    private static final int DARKEST = 8;
    /** How far below 0 values may be that were 0 to 1 before they were resized. */
    private static final double OVERSHOOT = 0.5;

    private static final double ROUNDING = 1e-3;
    private static final String FINITE = "numpy.nan_to_num(frames, posinf=0, neginf=0)";

    private final double factor;

    private NpyBrightness(double factor) {
        this.factor = factor;
    }

    /**
     * Tells it from the type and the range of the values: bytes are taken as they are, truth as black and white, others
     * where they fill 0 to 1 or 0 to 255.
     *
     * @throws IOException if they don't; says how to convert them
     */
    static NpyBrightness of(NpyValues values) throws IOException {
        NpyType type = values.type();
        if (type.isByte()) {
            return new NpyBrightness(1);
        }
        if (type.kind() == 'b') {
            return new NpyBrightness(WHITE);
        }
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        boolean isFinite = true;
        for (long i = 0; i < values.count(); i++) {
            double value = values.at(i);
            if (Double.isFinite(value)) {
                least = Math.min(least, value);
                most = Math.max(most, value);
            } else {
                isFinite = false;
            }
        }
        if (type.isWhole() && least >= 0 && most <= 1) {
            throw new IOException("its values are 0 and 1; save (frames * 255).astype('uint8') if 1 is white, or save"
                    + " frames.astype('uint8') if it is as dark as 1 of 255");
        }
        boolean isByteRange = least >= 0 && most <= WHITE && (type.isWhole() || most >= DARKEST);
        boolean isUnitRange = least >= -ROUNDING && most <= 1 + ROUNDING;
        if (!isFinite || !(isByteRange || isUnitRange)) {
            throw new IOException(advice(least, most, isFinite));
        }
        return new NpyBrightness(isUnitRange ? WHITE : 1);
    }

    /** How to convert values of another range; {@code numpy.interp} takes what is beyond the range as its end. */
    private static String advice(double least, double most, boolean isFinite) {
        String range;
        if (least >= -OVERSHOOT && most < DARKEST) {
            range = "(0, 1)";
        } else if (least >= -1 - ROUNDING && most <= 1 + ROUNDING) {
            range = "(-1, 1)";
        } else {
            range = "(" + (least < 0 ? "frames.min()" : "0") + ", "
                    + (least >= 0 && most <= WHITE ? WHITE : "frames.max()") + ")";
        }
        String finite = isFinite ? "" : " with NaN or infinity among them";
        String convert = "numpy.interp(frames, " + range + ", (0, 255)).round().astype('uint8')";
        return "its values reach from " + number(least) + " to " + number(most) + finite
                + ", not from 0 to 1 or 0 to 255; save " + (isFinite ? convert : convert.replace("frames", FINITE));
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.valueOf((long) value)
                : String.valueOf(value);
    }

    /** The brightness of a value, 0 to 255. */
    byte of(double value) {
        return (byte) Math.max(0, Math.min(WHITE, Math.round(value * factor)));
    }
}
