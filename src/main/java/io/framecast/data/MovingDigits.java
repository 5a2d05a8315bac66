package io.framecast.data;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Two handwritten digits that move through each other and bounce off the edges, white on black (N. Srivastava, E.
 * Mansimov, R. Salakhutdinov: Unsupervised Learning of Video Representations using LSTMs. ICML 2015), as the generators
 * of the literature make them: places are taken as 0 to 1 of the room a digit has, a step has length 0.1 of it in any
 * direction, a digit that would leave stops at the edge and turns round, and the brighter value is seen.
 */
final class MovingDigits extends SyntheticSet {
    private static final int DIGITS = 2;
    private static final double STEP = 0.1;

    private final Digits digits;

    MovingDigits(String name, FrameShape shape, Settings settings, Digits digits) {
        super(name, shape, settings);
        this.digits = digits;
    }

    @Override
    List<Pixels> sequence(int length, Random random) {
        var frames = new byte[length][shape().bytes()];
        for (int i = 0; i < DIGITS; i++) {
            var x = new Bounce(random.nextDouble());
            var y = new Bounce(random.nextDouble());
            double angle = 2 * Math.PI * random.nextDouble();
            x.speed = STEP * Math.cos(angle);
            y.speed = STEP * Math.sin(angle);
            byte[] digit = digits.images().get(random.nextInt(digits.images().size()));
            for (byte[] frame : frames) {
                // The literature's generators step before they draw, and cut places to whole pixels.
                int top = (int) (y.step() * (shape().height() - digits.height()));
                int left = (int) (x.step() * (shape().width() - digits.width()));
                draw(digit, top, left, frame);
            }
        }
        var pictures = new ArrayList<Pixels>();
        for (byte[] frame : frames) {
            pictures.add(Pixels.copyOf(frame));
        }
        return pictures;
    }

    /** A place from 0 to 1 that moves. */
    private static final class Bounce {
        private double place;
        private double speed;

        Bounce(double place) {
            this.place = place;
        }

        double step() {
            place += speed;
            if (place <= 0 || place >= 1) {
                place = place <= 0 ? 0 : 1;
                speed = -speed;
            }
            return place;
        }
    }

    private void draw(byte[] digit, int top, int left, byte[] frame) {
        int channels = shape().channels();
        for (int i = 0; i < digit.length; i++) {
            int row = top + i / digits.width();
            int column = left + i % digits.width();
            int at = (row * shape().width() + column) * channels;
            for (int channel = 0; channel < channels; channel++) {
                frame[at + channel] = (byte) Math.max(frame[at + channel] & 0xFF, digit[i] & 0xFF);
            }
        }
    }
}
