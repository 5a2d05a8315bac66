package io.framecast.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import io.framecast.frame.CameraId;
import io.framecast.frame.ClockSource;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.frame.FrameTime;
import io.framecast.frame.Pixels;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WindowTest {
    private static final CameraId CAMERA = new CameraId("a");
    private static final FrameShape SHAPE = new FrameShape(2, 2, 3);
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private static Frame frame(long sequence, long capturedMillis, OptionalLong ptsMicros) {
        var time = new FrameTime(START.plusMillis(capturedMillis), ClockSource.ARRIVAL, ptsMicros);
        return new Frame(CAMERA, 0, sequence, time, SHAPE, Pixels.copyOf(new byte[SHAPE.bytes()]));
    }

    private static Duration interval(List<Frame> frames) {
        return new Window(CAMERA, frames).interval();
    }

    @Test
    void interval_twentyFiveFramesASecondSampledAtTen_isWhatTheySpan() {
        var frames = IntStream.range(0, 11)
                .mapToObj(i -> frame(i, 0, OptionalLong.of((i % 2 == 0 ? 100_000L : 120_000L - 100_000L / i) * i)))
                .toList();

        assertThat(interval(frames)).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void interval_pictureThatArrivedInABurst_goesByTheStreamsTimestamps() {
        var frames = IntStream.range(0, 10)
                .mapToObj(i -> frame(i, i, OptionalLong.of(100_000L * i)))
                .toList();

        assertThat(interval(frames)).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void interval_droppedFrames_areNoLongerSteps() {
        var frames = IntStream.of(0, 1, 2, 5, 6)
                .mapToObj(i -> frame(i, 40L * i, OptionalLong.empty()))
                .toList();

        assertThat(interval(frames)).isEqualTo(Duration.ofMillis(40));
    }

    @Test
    void interval_streamWithoutTimestampsOrWithTheSameEverywhere_goesByCaptureTimes() {
        for (OptionalLong pts : List.of(OptionalLong.empty(), OptionalLong.of(7))) {
            var frames =
                    IntStream.range(0, 4).mapToObj(i -> frame(i, 250L * i, pts)).toList();
            assertThat(interval(frames)).isEqualTo(Duration.ofMillis(250));
        }
    }

    @Test
    void interval_thirtyThirdsOfASecond_isRoundedOnce() {
        var frames = IntStream.range(0, 10)
                .mapToObj(i -> frame(i, 0, OptionalLong.of(Math.round(i * 1e6 / 30))))
                .toList();

        assertThat(interval(frames)).isEqualTo(Duration.of(33_333, ChronoUnit.MICROS));
    }

    @Test
    void interval_oneFrame_isTheUsual() {
        assertThat(interval(List.of(frame(0, 0, OptionalLong.empty())))).isEqualTo(Duration.ofMillis(100));
    }
}
