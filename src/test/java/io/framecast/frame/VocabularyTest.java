package io.framecast.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.framecast.forecast.Persistence;
import io.framecast.forecast.Window;
import java.nio.ReadOnlyBufferException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VocabularyTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"a", "front-door", "Cam_1", "0123456789012345678901234567890123456789012345678901234567890123"})
    void cameraId_legal_isKept(String value) {
        assertThat(new CameraId(value)).hasToString(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "front door",
                "a/b",
                "a:b",
                "é",
                "01234567890123456789012345678901234567890123456789012345678901234"
            })
    void cameraId_malformed_isNamed(String value) {
        assertThatThrownBy(() -> new CameraId(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("camera id '" + value + "' is malformed");
    }

    @Test
    void frame_tooFewBytes_namesBothSizes() {
        var time = new FrameTime(Instant.EPOCH, ClockSource.ARRIVAL, OptionalLong.empty());
        assertThatThrownBy(() -> new Frame(
                        new CameraId("front-door"), 1, 7, time, FrameShape.STANDARD, Pixels.copyOf(new byte[10])))
                .hasMessage("frame front-door#7 has 10 bytes, its shape 64x64x3 needs 12288");
    }

    @Test
    void pixels_areImmutable() {
        var bytes = new byte[] {1, 2, 3};
        var pixels = Pixels.copyOf(bytes);
        bytes[0] = 9;
        pixels.toByteArray()[1] = 9;
        assertThat(pixels.toByteArray()).containsExactly(1, 2, 3);
        assertThatThrownBy(() -> pixels.buffer().put((byte) 9)).isInstanceOf(ReadOnlyBufferException.class);
    }

    @Test
    void pixels_above127_areUnsigned() {
        assertThat(Pixels.copyOf(new byte[] {(byte) 200}).at(0)).isEqualTo(200);
    }

    @Test
    void window_ofTwoEpochs_isRefused() {
        var frames = List.of(Frames.of("a", 0), Frames.of("a", Frames.EPOCH + 1, 1, FrameShape.STANDARD));
        assertThatThrownBy(() -> new Window(new CameraId("a"), frames)).hasMessageContaining("cannot hold frame a#1");
    }

    @Test
    void window_withADroppedFrame_keepsTheUsualInterval() {
        var frames = List.of(Frames.of("a", 0), Frames.of("a", 1), Frames.of("a", 2), Frames.of("a", 4));
        assertThat(new Window(new CameraId("a"), frames).interval()).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void persistence_repeatsTheLastFrame() {
        var window = new Window(new CameraId("a"), List.of(Frames.of("a", 3), Frames.of("a", 4)));
        var forecast = new Persistence().forecast(List.of(window)).get(0);
        assertThat(forecast.frames()).hasSize(32).containsOnly(Frames.of("a", 4).pixels());
        assertThat(forecast.id()).isEqualTo("a/1000000/4/persistence");
        assertThat(forecast.forTime(0)).isEqualTo(Frames.of("a", 5).captureTime());
        assertThat(forecast.forTime(31)).isEqualTo(Frames.of("a", 36).captureTime());
    }
}
