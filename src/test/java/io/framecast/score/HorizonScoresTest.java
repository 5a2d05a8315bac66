package io.framecast.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.framecast.forecast.PixelError;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class HorizonScoresTest {
    private static final FrameShape SHAPE = new FrameShape(8, 8, 3);

    @Test
    void add_ofTwoForecasts_keepsTheMeanOfEachStep() {
        var scores = new HorizonScores(SHAPE, 2);
        scores.add(grey(0), List.of(grey(51), grey(51)), List.of(grey(51), grey(0)));
        scores.add(grey(0), List.of(grey(51), grey(51)), List.of(grey(0), grey(0)));
        assertThat(scores.windows()).isEqualTo(2);
        assertThat(scores.mse()).containsExactly(new double[] {0.02, 0.04}, within(1e-12));
        assertThat(scores.mae()).containsExactly(new double[] {0.1, 0.2}, within(1e-12));
        assertThat(scores.psnr()[0])
                .as("the mean of PSNR, not PSNR of the mean")
                .isCloseTo((PixelError.MAX_PSNR + PixelError.psnr(0.04)) / 2, within(1e-9));
        assertThat(scores.summedMse()).isCloseTo(0.03 * 64, within(1e-9));
    }

    @Test
    void addAll_equalsAddingEachForecast() {
        var together = new HorizonScores(SHAPE, 1);
        var one = together.emptyCopy();
        var other = together.emptyCopy();
        together.add(grey(0), List.of(grey(9)), List.of(grey(3)));
        together.add(grey(0), List.of(grey(90)), List.of(grey(30)));
        one.add(grey(0), List.of(grey(9)), List.of(grey(3)));
        other.add(grey(0), List.of(grey(90)), List.of(grey(30)));
        one.addAll(other);
        assertThat(one.windows()).isEqualTo(2);
        assertThat(one.mse()).containsExactly(together.mse());
        assertThat(one.ssim()).containsExactly(together.ssim());
        assertThat(one.movingError()).containsExactly(together.movingError());
    }

    @Test
    void movingError_countsPixelsFromTheStepThatMovesThem() {
        var moved = new byte[SHAPE.bytes()];
        moved[5 * 3 + 1] = (byte) 102; // one channel of one pixel
        var scores = new HorizonScores(SHAPE, 3);
        Pixels black = grey(0);
        Pixels noisy = grey(15); // not moved: within the levels of noise
        scores.add(black, List.of(noisy, Pixels.copyOf(moved), black), List.of(black, black, grey(51)));
        double[] error = scores.movingError();
        assertThat(error[0]).as("nothing has moved yet").isZero();
        assertThat(error[1]).isCloseTo(0.16 / 3, within(1e-12));
        assertThat(error[2])
                .as("a pixel that went back stays in, all others stay out")
                .isCloseTo(0.04, within(1e-12));
    }

    @Test
    void skill_ofPerfectEqualAndWorse_isOneZeroAndBelow() {
        assertThat(PixelError.skill(0, 0.1)).isEqualTo(1);
        assertThat(PixelError.skill(0.1, 0.1)).isZero();
        assertThat(PixelError.skill(0, 0)).isZero();
        assertThat(PixelError.skill(0.2, 0.1)).isEqualTo(-1);
        assertThat(PixelError.skill(0.2, 0)).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @Test
    void picturesOfDifferentSize_areRefused() {
        assertThatThrownBy(() -> PixelError.meanSquare(grey(1), Pixels.copyOf(new byte[3])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("192 and 3 bytes");
        var small = new FrameShape(6, 9, 1);
        var six = Pixels.copyOf(new byte[small.bytes()]);
        assertThatThrownBy(() -> Ssim.of(small, six, six))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("6x9x1");
    }

    @Test
    void stillPsnr_isThatOfWhatNoStepMoves() {
        var moved = new byte[SHAPE.bytes()];
        Arrays.fill(moved, 0, SHAPE.bytes() / 2, (byte) 102); // the upper half, at the second step
        var scores = new HorizonScores(SHAPE, 3);
        Pixels black = grey(0);
        Pixels upper = Pixels.copyOf(moved);
        scores.add(black, List.of(black, upper, black), List.of(upper, grey(51), black));
        double[] psnr = scores.stillPsnr();
        assertThat(psnr[0]).as("wrong in the upper half only").isEqualTo(PixelError.MAX_PSNR);
        assertThat(psnr[1]).as("the lower half is 51 of 255 levels off").isCloseTo(PixelError.psnr(0.04), within(1e-9));
        assertThat(psnr[2]).isEqualTo(PixelError.MAX_PSNR);
        assertThat(scores.stillPsnrOfAllSteps()).isCloseTo(PixelError.psnr(0.04 / 3), within(1e-9));
    }

    @Test
    void stillPsnr_whereEverythingMoves_isNaN() {
        var scores = new HorizonScores(SHAPE, 1);
        scores.add(grey(0), List.of(grey(200)), List.of(grey(200)));
        assertThat(scores.stillPsnr()).containsExactly(Double.NaN);
    }

    private static Pixels grey(int level) {
        var values = new byte[SHAPE.bytes()];
        Arrays.fill(values, (byte) level);
        return Pixels.copyOf(values);
    }
}
