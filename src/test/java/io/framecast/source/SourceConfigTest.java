package io.framecast.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.framecast.frame.FrameShape;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceConfigTest {
    @Test
    void defaults_areThese() {
        assertThat(SourceConfig.defaults())
                .isEqualTo(new SourceConfig(
                        10,
                        new FrameShape(64, 64, 3),
                        Fit.STRETCH,
                        Pace.REALTIME,
                        false,
                        RtspTransport.TCP,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(3),
                        32,
                        new Backoff(Duration.ofMillis(250), Duration.ofSeconds(2))));
    }

    @Test
    void with_eachValue_changesThatAlone() {
        var changed = SourceConfig.defaults()
                .withFps(5)
                .withShape(new FrameShape(32, 48, 3))
                .withFit(Fit.CROP)
                .withPace(Pace.MAX)
                .withLoop(true)
                .withTransport(RtspTransport.UDP)
                .withTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(2))
                .withBuffer(7);

        assertThat(changed)
                .isEqualTo(new SourceConfig(
                        5,
                        new FrameShape(32, 48, 3),
                        Fit.CROP,
                        Pace.MAX,
                        true,
                        RtspTransport.UDP,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        7,
                        SourceConfig.defaults().backoff()));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, 240.5, Double.NaN, Double.POSITIVE_INFINITY})
    void fps_outOfRange_isRefused(double fps) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SourceConfig.defaults().withFps(fps))
                .withMessageContaining("fps " + fps);
    }

    @Test
    void otherValues_outOfRange_areRefused() {
        var config = SourceConfig.defaults();
        assertThatIllegalArgumentException().isThrownBy(() -> config.withShape(new FrameShape(64, 64, 1)));
        assertThatIllegalArgumentException().isThrownBy(() -> config.withBuffer(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.withTimeouts(Duration.ZERO, Duration.ofSeconds(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)));
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 250", "2, 0, 500", "4, 0, 2000", "60, 0, 2000", "1, 1, 187", "60, 1, 1500"})
    void backoff_failuresInARow_doublesToItsMaximumLessJitter(int failures, double random, long millis) {
        assertThat(SourceConfig.defaults().backoff().delay(failures, random).toMillis())
                .isEqualTo(millis);
    }
}
