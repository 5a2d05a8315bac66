package io.framecast.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.framecast.frame.FrameShape;
import java.time.Duration;
import java.util.Optional;
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
                        Region.WHOLE,
                        Fit.STRETCH,
                        Pace.REALTIME,
                        false,
                        RtspTransport.AUTO,
                        Duration.ofSeconds(10),
                        Optional.empty(),
                        32,
                        new Backoff(Duration.ofMillis(250), Duration.ofSeconds(2)),
                        false));
    }

    @Test
    void builder_ofEachValue_setsThat() {
        var changed = SourceConfig.builder()
                .fps(5)
                .shape(new FrameShape(32, 48, 3))
                .region(new Region(0.5, 0.25, 0.125, 0.75))
                .fit(Fit.CROP)
                .pace(Pace.MAX)
                .loop(true)
                .transport(RtspTransport.UDP)
                .openTimeout(Duration.ofSeconds(1))
                .readTimeout(Duration.ofSeconds(2))
                .buffer(7)
                .backoff(new Backoff(Duration.ofSeconds(3), Duration.ofSeconds(4)))
                .pictures(true)
                .build();

        assertThat(changed.toBuilder().build()).isEqualTo(changed);
        assertThat(SourceConfig.defaults()
                        .withFps(5)
                        .withShape(changed.shape())
                        .withPace(Pace.MAX)
                        .withLoop(true))
                .isEqualTo(SourceConfig.builder()
                        .fps(5)
                        .shape(changed.shape())
                        .pace(Pace.MAX)
                        .loop(true)
                        .build());
        assertThat(changed)
                .isEqualTo(new SourceConfig(
                        5,
                        new FrameShape(32, 48, 3),
                        new Region(0.5, 0.25, 0.125, 0.75),
                        Fit.CROP,
                        Pace.MAX,
                        true,
                        RtspTransport.UDP,
                        Duration.ofSeconds(1),
                        Optional.of(Duration.ofSeconds(2)),
                        7,
                        new Backoff(Duration.ofSeconds(3), Duration.ofSeconds(4)),
                        true));
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
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SourceConfig.defaults().withShape(new FrameShape(64, 64, 1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SourceConfig.builder().buffer(0).build());
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> SourceConfig.builder().openTimeout(Duration.ZERO).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)));
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 250", "2, 0, 500", "4, 0, 2000", "60, 0, 2000", "1, 1, 187", "60, 1, 1500"})
    void backoff_failuresInARow_doublesToItsMaximumLessJitter(int failures, double random, long millis) {
        assertThat(SourceConfig.defaults().backoff().delay(failures, random).toMillis())
                .isEqualTo(millis);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1,2,3",
                "1,2,3,4,5",
                "a,0,1,1",
                "NaN,0,50,50",
                "-1,0,50,50",
                "0,0,0,50",
                "0,0,50,-1",
                "60,0,50,50",
                "0,60,50,50",
                "0,0,101,50",
                "0,0,50%,50"
            })
    void region_notInThePicture_isRefused(String text) {
        assertThatThrownBy(() -> Region.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void region_inPercent_isInShares() {
        assertThat(Region.parse("10, 20,30 ,40")).isEqualTo(new Region(0.1, 0.2, 0.3, 0.4));
        assertThat(Region.parse("0,0,100,100")).isEqualTo(Region.WHOLE);
        assertThat(Region.parse("90,70,10,30").left()).isEqualTo(0.9);
    }
}
