package io.framecast.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import io.framecast.frame.CameraId;
import io.framecast.frame.ClockSource;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.frame.FrameTime;
import io.framecast.frame.Pixels;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class BaselinesTest {
    private static final FrameShape SHAPE = new FrameShape(2, 2, 1);

    @Test
    void linear_onARisingWindow_goesOnAndStopsAtWhite() {
        Forecast forecast = forecast(new LinearExtrapolation(), 10, 20, 200, 207);
        assertThat(forecast.frames()).hasSize(Forecast.HORIZON);
        assertThat(level(forecast, 0)).isEqualTo(214);
        assertThat(level(forecast, 4)).isEqualTo(242);
        assertThat(level(forecast, 31)).isEqualTo(255);
    }

    @Test
    void linear_onAFallingWindow_stopsAtBlack() {
        Forecast forecast = forecast(new LinearExtrapolation(), 30, 20);
        assertThat(level(forecast, 0)).isEqualTo(10);
        assertThat(level(forecast, 2)).isZero();
    }

    @Test
    void linear_afterADroppedFrame_takesHalfTheStep() {
        Window window = new Window(new CameraId("a"), List.of(frame(0, 10), frame(2, 20)));
        Forecast forecast = new LinearExtrapolation().forecast(List.of(window)).get(0);
        assertThat(level(forecast, 0)).isEqualTo(25);
    }

    @Test
    void linear_onOneFrame_repeatsIt() {
        assertThat(level(forecast(new LinearExtrapolation(), 77), 31)).isEqualTo(77);
    }

    @Test
    void mean_ofAWindow_isRoundedAndRepeated() {
        Forecast forecast = forecast(new MeanOfContext(), 10, 20, 31);
        assertThat(level(forecast, 0)).isEqualTo(20);
        assertThat(level(forecast, 31)).isEqualTo(20);
        assertThat(level(forecast(new MeanOfContext(), 1, 2), 0))
                .as("a half is rounded up")
                .isEqualTo(2);
    }

    @Test
    void forecasts_sayWhatTheyAreMadeFrom() {
        Forecast forecast = forecast(new MeanOfContext(), 1, 2, 3);
        assertThat(forecast.contextLength()).isEqualTo(3);
        assertThat(forecast.id()).isEqualTo("a/1/2/mean");
        assertThat(forecast(new LinearExtrapolation(), 1).id()).isEqualTo("a/1/0/linear");
    }

    private static Forecast forecast(Forecaster forecaster, int... levels) {
        var frames = new ArrayList<Frame>();
        for (int level : levels) {
            frames.add(frame(frames.size(), level));
        }
        return forecaster
                .forecast(List.of(new Window(new CameraId("a"), frames)))
                .get(0);
    }

    private static Frame frame(int sequence, int level) {
        var values = new byte[SHAPE.bytes()];
        Arrays.fill(values, (byte) level);
        var time = new FrameTime(Instant.ofEpochMilli(100L * sequence), ClockSource.MEDIA, OptionalLong.empty());
        return new Frame(new CameraId("a"), 1, sequence, time, SHAPE, Pixels.copyOf(values));
    }

    private static int level(Forecast forecast, int step) {
        Pixels pixels = forecast.frames().get(step);
        assertThat(pixels.toByteArray()).containsOnly(pixels.at(0));
        return pixels.at(0);
    }
}
