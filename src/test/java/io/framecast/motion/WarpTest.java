package io.framecast.motion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WarpTest {
    @ParameterizedTest
    @CsvSource({"64, 64, 3, 1", "64, 64, 3, 32", "64, 64, 3, -4.5", "5, 9, 1, 2", "1, 7, 4, 3", "1, 1, 3, 1"})
    void along_randomFlow_isTheNaiveReferences(int height, int width, int channels, float frames) {
        var shape = new FrameShape(height, width, channels);
        Pixels picture = Pictures.noise(shape, 1);
        FlowField flow = randomFlow(shape);
        float[] warped = Warp.along(flow, picture, frames);
        assertThat(warped).hasSize(shape.bytes());
        for (int i = 0; i < warped.length; i++) {
            assertThat((double) warped[i])
                    .as("value %d", i)
                    .isCloseTo(reference(flow, picture, frames, i), within(0.02));
        }
    }

    /** Every pixel weighs by its distance, in float64: no order of operations, no corner is shared with the kernel. */
    private static double reference(FlowField flow, Pixels picture, double frames, int index) {
        FrameShape shape = flow.shape();
        int place = index / shape.channels();
        int row = place / shape.width();
        double x = clamped(place % shape.width() - frames * flow.dx(place), shape.width());
        double y = clamped(row - frames * flow.dy(place), shape.height());
        double sum = 0;
        for (int other = 0; other < shape.width() * shape.height(); other++) {
            int otherRow = other / shape.width();
            double besideX = Math.max(0, 1 - Math.abs(x - other % shape.width()));
            double besideY = Math.max(0, 1 - Math.abs(y - otherRow));
            sum += besideX * besideY * picture.at(other * shape.channels() + index % shape.channels());
        }
        return sum;
    }

    private static double clamped(double at, int side) {
        return Math.max(0, Math.min(at, side - 1));
    }

    private static FlowField randomFlow(FrameShape shape) {
        var random = new Random(2);
        var dx = new float[shape.height() * shape.width()];
        var dy = new float[dx.length];
        for (int place = 0; place < dx.length; place++) {
            dx[place] = (float) random.nextGaussian() * 3;
            dy[place] = (float) random.nextGaussian() * 3;
        }
        return new FlowField(shape, dx, dy);
    }

    @Test
    void along_flowToTheRightAndDown_movesThePictureRightAndDown() {
        var shape = FrameShape.STANDARD;
        float[] warped = Warp.along(everywhere(shape, 2, 1), Pictures.draw(shape, (x, y) -> 3 * x + y), 3);
        assertThat(warped[(10 * 64 + 20) * 3]).isEqualTo(3 * (20 - 6) + (10 - 3));
    }

    @Test
    void along_noFlow_isThePicture() {
        Pixels picture = Pictures.noise(FrameShape.STANDARD, 3);
        float[] warped = Warp.along(FlowField.still(FrameShape.STANDARD), picture, 32);
        for (int i = 0; i < warped.length; i++) {
            assertThat(warped[i]).isEqualTo(picture.at(i));
        }
    }

    @Test
    void along_flowFromFarOutside_repeatsTheBorder() {
        var shape = FrameShape.STANDARD;
        float[] warped = Warp.along(everywhere(shape, 1e9f, 0), Pictures.draw(shape, (x, y) -> x + 7), 32);
        assertThat(warped).containsOnly(7);
    }

    @Test
    void along_pictureOfAnotherSize_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Warp.along(FlowField.still(FrameShape.STANDARD), Pictures.noise(new FrameShape(2, 2, 3), 1), 1))
                .withMessage("picture has 12 bytes, the flow's shape 64x64x3 needs 12288");
    }

    private static FlowField everywhere(FrameShape shape, float right, float down) {
        var dx = new float[shape.height() * shape.width()];
        var dy = new float[dx.length];
        Arrays.fill(dx, right);
        Arrays.fill(dy, down);
        return new FlowField(shape, dx, dy);
    }
}
