package io.framecast.motion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpticalFlowTest {
    private static final FrameShape SHAPE = FrameShape.STANDARD;

    private final OpticalFlow opticalFlow = new OpticalFlow();

    @ParameterizedTest
    @CsvSource({"64, 64, 3, 2, 0", "64, 64, 3, -1.5, 0.75", "64, 64, 1, 0, -2", "48, 96, 3, 1, 1", "17, 31, 4, 0.5, 0"})
    void between_movedTexture_isItsMovement(int height, int width, int channels, double right, double down) {
        var shape = new FrameShape(height, width, channels);
        FlowField flow = opticalFlow.between(
                shape,
                Pictures.draw(shape, Pictures.texture(0, 0)),
                Pictures.draw(shape, Pictures.texture(right, down)));
        assertThat(median(shape, flow::dx)).isCloseTo(right, within(0.2));
        assertThat(median(shape, flow::dy)).isCloseTo(down, within(0.2));
    }

    private static double median(FrameShape shape, IntToDoubleFunction movement) {
        int places = shape.height() * shape.width();
        return IntStream.range(0, places).mapToDouble(movement).sorted().toArray()[places / 2];
    }

    /** That of windows needs GTK 2, which many machines lack. */
    @Test
    void librariesThatAreNotCalled_areNotInitialised() throws IOException {
        opticalFlow.between(SHAPE, Pictures.noise(SHAPE, 1), Pictures.noise(SHAPE, 2));

        String mapped = Files.readString(Path.of("/proc/self/maps"));

        assertThat(mapped).contains("libjniopencv_video").doesNotContain("libjniopencv_highgui");
    }

    @Test
    void between_equalFrames_isStill() {
        FlowField flow = opticalFlow.between(SHAPE, Pictures.noise(SHAPE, 1), Pictures.noise(SHAPE, 1));
        assertThat(movements(flow)).containsOnly(0f);
    }

    @Test
    void between_blackAndWhite_isFinite() {
        FlowField flow =
                opticalFlow.between(SHAPE, Pictures.draw(SHAPE, (x, y) -> 0), Pictures.draw(SHAPE, (x, y) -> 255));
        assertThat(movements(flow)).allMatch(Float::isFinite);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "15, 64", "64, 8"})
    void between_tooSmallForPatches_isStill(int height, int width) {
        var shape = new FrameShape(height, width, 3);
        FlowField flow = opticalFlow.between(shape, Pictures.noise(shape, 1), Pictures.noise(shape, 2));
        assertThat(movements(flow)).containsOnly(0f);
    }

    @ParameterizedTest
    @CsvSource({"16, 16", "16, 200", "200, 16", "33, 47"})
    void between_smallOrNarrow_isFinite(int height, int width) {
        var shape = new FrameShape(height, width, 3);
        FlowField flow = opticalFlow.between(shape, Pictures.noise(shape, 1), Pictures.noise(shape, 2));
        assertThat(movements(flow)).allMatch(Float::isFinite);
    }

    @Test
    void between_sameFramesOnManyThreads_isTheSame() {
        Pixels earlier = Pictures.noise(SHAPE, 1);
        Pixels later = Pictures.noise(SHAPE, 2);
        var expected = movements(opticalFlow.between(SHAPE, earlier, later));
        assertThat(IntStream.range(0, 64)
                        .parallel()
                        .mapToObj(i -> movements(opticalFlow.between(SHAPE, earlier, later))))
                .allMatch(expected::equals);
    }

    private static List<Float> movements(FlowField flow) {
        int places = flow.shape().height() * flow.shape().width();
        return IntStream.range(0, 2 * places)
                .mapToObj(i -> i < places ? flow.dx(i) : flow.dy(i - places))
                .toList();
    }

    @Test
    void between_frameOfAnotherSize_isRefused() {
        Pixels small = Pictures.noise(new FrameShape(2, 2, 3), 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> opticalFlow.between(SHAPE, Pictures.noise(SHAPE, 1), small))
                .withMessage("frame has 12 bytes, its shape 64x64x3 needs 12288");
    }
}
