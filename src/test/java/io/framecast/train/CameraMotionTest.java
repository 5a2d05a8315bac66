package io.framecast.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.train.Augmentation.View;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CameraMotionTest {
    private static final FrameShape READ = new FrameShape(128, 96, 3);
    private static final FrameShape SHAPE = new FrameShape(64, 48, 3);
    private static final View WHOLE = new View(0, 0, 128, 96, true, false, false);
    private static final int FRAMES = 42;

    private final List<List<View>> motions = LongStream.range(0, 500)
            .mapToObj(seed -> new CameraMotion(READ, SHAPE, new Random(seed)).move(WHOLE, FRAMES))
            .toList();

    /** Pixels of the read picture that the middle of the part goes down, from one frame to another. */
    private static double down(List<View> views, int from, int to) {
        View before = views.get(from);
        View after = views.get(to);
        return after.top() + after.height() / 2 - before.top() - before.height() / 2;
    }

    @Test
    void move_anyMotion_staysInsideThePictureAndNoSmallerThanAFrame() {
        assertThat(motions).allSatisfy(views -> {
            assertThat(views).hasSize(FRAMES);
            assertThat(views).allSatisfy(view -> {
                assertThat(view.top()).isNotNegative();
                assertThat(view.left()).isNotNegative();
                assertThat(view.top() + view.height()).isLessThanOrEqualTo(128 + 1e-9);
                assertThat(view.left() + view.width()).isLessThanOrEqualTo(96 + 1e-9);
                assertThat(view.height()).isGreaterThanOrEqualTo(64 - 1e-9);
                assertThat(view.height() / view.width()).as("not stretched").isCloseTo(128.0 / 96, within(1e-9));
                assertThat(view.mirror()).as("turned as before").isTrue();
            });
        });
    }

    @Test
    void move_manyTimes_someGoSteadilySomeTrembleSomeGrow() {
        long steady = motions.stream()
                .filter(views -> IntStream.range(2, FRAMES)
                        .allMatch(i -> Math.abs(down(views, i - 1, i) - down(views, 0, 1)) < 1e-6))
                .count();
        long trembling = motions.stream()
                .filter(views -> IntStream.range(2, FRAMES)
                                .filter(i -> down(views, i - 1, i) * down(views, i - 2, i - 1) < 0)
                                .count()
                        > 10)
                .count();
        long growing = motions.stream()
                .filter(views -> views.get(FRAMES - 1).height() != views.get(0).height())
                .count();

        assertThat(steady).isBetween(20L, 250L); // a third that only pans or zooms, less where it turns back
        assertThat(trembling).isBetween(120L, 320L);
        assertThat(growing).isBetween(110L, 220L); // a third are 167
        assertThat(motions)
                .as("nobody holds a camera still")
                .allSatisfy(views -> assertThat(new HashSet<>(views)).hasSizeGreaterThan(1));
    }

    @Test
    void move_withoutRoom_showsTheWholePicture() {
        var whole = new View(0, 0, 64, 48, false, false, false);

        assertThat(new CameraMotion(SHAPE, SHAPE, new Random(1)).move(whole, 3)).containsOnly(whole);
    }

    @Test
    void apply_stillRecording_movesAsOftenAsWanted() {
        var bytes = new byte[READ.bytes()];
        new Random(1).nextBytes(bytes);
        List<Pixels> still = Collections.nCopies(10, Pixels.copyOf(bytes));
        var augmentation = new Augmentation(SHAPE);

        assertThat(moving(augmentation, still, 0)).isZero();
        assertThat(moving(augmentation, still, 0.3)).isBetween(35L, 85L); // of 200
    }

    private static long moving(Augmentation augmentation, List<Pixels> window, double share) {
        return LongStream.range(0, 200)
                .filter(seed -> new HashSet<>(augmentation.apply(window, READ, share, new Random(seed))).size() > 1)
                .count();
    }
}
