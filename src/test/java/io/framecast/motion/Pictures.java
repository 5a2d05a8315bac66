package io.framecast.motion;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.util.Random;

/** Pictures for tests of motion: what they show can be moved by any fraction of a pixel. */
final class Pictures {
    /** What a colourless picture shows at a place. */
    interface Scene {
        double at(double x, double y);
    }

    private Pictures() {}

    static Pixels draw(FrameShape shape, Scene scene) {
        var values = new byte[shape.bytes()];
        for (int i = 0; i < values.length; i++) {
            int place = i / shape.channels();
            int row = place / shape.width();
            double value = scene.at(place % shape.width(), row);
            values[i] = (byte) Math.max(0, Math.min(Math.round(value), 255));
        }
        return Pixels.copyOf(values);
    }

    /** Texture everywhere, moved right and down. */
    static Scene texture(double right, double down) {
        return (x, y) -> 128
                + 45 * Math.sin(0.61 * (x - right) + 0.23 * (y - down))
                + 45 * Math.sin(0.31 * (x - right) - 0.53 * (y - down))
                + 30 * Math.sin(0.17 * (x - right) + 0.29 * (y - down));
    }

    /** A bright square on a dark ground, both faintly textured. */
    static Scene square(double left, double top, double side) {
        return (x, y) -> {
            boolean inside = x >= left && x < left + side && y >= top && y < top + side;
            return inside
                    ? 200 + (texture(left, top).at(x, y) - 128) / 4
                    : 40 + (texture(0, 0).at(x, y) - 128) / 8;
        };
    }

    static Pixels noise(FrameShape shape, long seed) {
        var values = new byte[shape.bytes()];
        new Random(seed).nextBytes(values);
        return Pixels.copyOf(values);
    }
}
