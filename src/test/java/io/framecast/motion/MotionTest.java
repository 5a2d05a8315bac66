package io.framecast.motion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MotionTest {
    private static final FrameShape SHAPE = new FrameShape(48, 64, 3);
    private static final int MIDDLE = 24 * 64 + 32;

    private final OpticalFlow opticalFlow = new OpticalFlow();

    /** A texture that moves right by a pixel a frame. */
    private static List<Pixels> frames(int count) {
        return IntStream.range(0, count).mapToObj(MotionTest::frame).toList();
    }

    private static Pixels frame(int time) {
        var bytes = new byte[SHAPE.bytes()];
        for (int i = 0; i < bytes.length; i++) {
            int column = i / 3 % SHAPE.width() - time;
            int row = i / 3 / SHAPE.width();
            bytes[i] = (byte) (128 + 50 * Math.sin(column * 0.5) + 50 * Math.cos(row * 0.4 + column * 0.2));
        }
        return Pixels.copyOf(bytes);
    }

    @Test
    void roughly_ofATextureThatMoves_findsItsMovement() {
        Motion motion = Motion.roughly(opticalFlow, SHAPE, frames(5));

        assertThat(motion.steady().dx(MIDDLE)).isCloseTo(1, within(0.2f));
        assertThat(motion.steady().dy(MIDDLE)).isCloseTo(0, within(0.2f));
        assertThat(motion.near().dx(MIDDLE)).isCloseTo(1, within(0.2f));
    }

    @Test
    void roughly_ofTwoFrames_isAllThatCanBeMeasured() {
        Motion roughly = Motion.roughly(opticalFlow, SHAPE, frames(2));
        Motion all = Motion.of(opticalFlow, SHAPE, frames(2));

        assertThat(roughly.steady().dx(MIDDLE)).isEqualTo(all.steady().dx(MIDDLE));
        assertThat(roughly.near().dy(MIDDLE)).isEqualTo(all.near().dy(MIDDLE));
    }

    @Test
    void roughly_ofOneFrame_isStill() {
        Motion motion = Motion.roughly(opticalFlow, SHAPE, frames(1));

        assertThat(motion.steady().dx(MIDDLE)).isZero();
        assertThat(motion.near().dx(MIDDLE)).isZero();
    }
}
