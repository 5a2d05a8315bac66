package io.framecast.preview.history;

import static io.framecast.preview.history.Scene.forecast;
import static io.framecast.preview.history.Scene.frame;
import static io.framecast.preview.history.Scene.surprise;
import static io.framecast.preview.history.Scene.time;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.framecast.export.ImageFile;
import io.framecast.frame.EncodedImage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CameraHistoryTest {
    private static final CameraHistory.Limit PLENTY =
            new CameraHistory.Limit(Duration.ofMillis(200), CameraHistories.CAMERA_BYTES);

    private final CameraHistory history = new CameraHistory();

    @Test
    void frames_tenASecond_everySecondOneIsKept() {
        play(0, 2, 100);

        assertThat(times())
                .containsExactly(
                        time(0), time(0.2), time(0.4), time(0.6), time(0.8), time(1), time(1.2), time(1.4), time(1.6),
                        time(1.8), time(2));
        assertThat(history.between(time(0), time(2)).stream().map(Moment::first))
                .startsWith(true, false)
                .containsOnlyOnce(true);
    }

    @Test
    void forecasts_several_theOneMadeASecondBeforeCounts() {
        play(0, 0, 100);
        history.accept(forecast(0, 150));
        history.accept(forecast(0.5, 120));
        history.accept(forecast(1.3, 200));
        play(0.1, 1.6, 100);

        Moment.Expected then = moment(1.6).expected().orElseThrow();
        assertThat(then.lead()).isEqualTo(Duration.ofMillis(1100));
        assertThat(level(then.picture())).isCloseTo(120, within(2.0));
        assertThat(level(moment(1.6).seen())).isCloseTo(100, within(2.0));
        assertThat(then.error()).isCloseTo(20 / 255.0, within(1e-9));
        assertThat(moment(1).expected().orElseThrow().lead()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void forecast_afterTheFrame_doesNotCountForIt() {
        play(0, 1, 100);
        history.accept(forecast(0.5, 120));
        play(1.1, 1.4, 100);

        assertThat(moment(1).expected()).isEmpty();
        assertThat(moment(1.2).expected().orElseThrow().lead()).isEqualTo(Duration.ofMillis(700));
    }

    @Test
    void epoch_new_beginsAfterAGapAndTakesNoForecastOfTheOneBefore() {
        play(0, 1, 100);
        history.accept(forecast(1, 120));
        for (int i = 0; i < 3; i++) {
            history.accept(frame(Scene.CAMERA, 2, 2 + i / 10.0, 50), PLENTY);
        }

        assertThat(moment(2).first()).isTrue();
        assertThat(moment(2).expected()).isEmpty();
        assertThat(moment(2.2).first()).isFalse();
        assertThat(history.nearest(time(1.5))).isPresent();
    }

    @Test
    void clock_setBack_forgetsWhatWouldBeLater() {
        play(40, 42, 100);
        for (int i = 0; i < 200; i++) {
            history.accept(frame(Scene.CAMERA, 0, 5 + i / 10.0, 50), PLENTY);
        }

        assertThat(times()).isSorted().doesNotHaveDuplicates();
        assertThat(history.newest()).isAfter(time(24));
        assertThat(history.between(Instant.MIN, Instant.MAX).stream()
                        .map(moment -> moment.frame().epoch()))
                .containsOnly(0L);
    }

    @Test
    void surprise_ofFramesBetween_isThatOfTheMomentBefore() {
        play(0, 1, 100);
        history.accept(surprise(0.4, 1));
        history.accept(surprise(0.5, 4));
        history.accept(surprise(0.6, 2));
        history.accept(surprise(0.8, Double.NaN));

        assertThat(moment(0.4).surprise()).isEqualTo(4);
        assertThat(moment(0.6).surprise()).isEqualTo(2);
        assertThat(moment(0.8).surprise()).isNaN();
    }

    @Test
    void frames_forLong_arePastFiveMinutesForgotten() {
        play(0, 400, 100);

        assertThat(history.oldest()).contains(time(100));
        assertThat(history.bytes())
                .isEqualTo(history.between(Instant.MIN, Instant.MAX).stream()
                        .mapToLong(Moment::bytes)
                        .sum());
    }

    @Test
    void bytes_few_theOldestGo() {
        var little = new CameraHistory.Limit(Duration.ofMillis(200), 20_000);
        for (int i = 0; i < 1000; i++) {
            history.accept(frame(i / 10.0, 100), little);
        }

        assertThat(history.bytes()).isBetween(1L, 20_000L);
        assertThat(history.newest()).isEqualTo(time(99.8));
        assertThat(history.oldest().orElseThrow()).isAfter(time(80));
    }

    @Test
    void nearest_nothingWithinTwoSeconds_isNone() {
        play(10, 11, 100);

        assertThat(history.nearest(time(10.29)).orElseThrow().time()).isEqualTo(time(10.2));
        assertThat(history.nearest(time(12.9)).orElseThrow().time()).isEqualTo(time(11));
        assertThat(history.nearest(time(13.1))).isEmpty();
        assertThat(history.nearest(time(7))).isEmpty();
        assertThat(history.between(time(11), time(10))).isEmpty();
        assertThat(new CameraHistory().nearest(time(0))).isEmpty();
    }

    private void play(double from, double to, int level) {
        for (long i = Math.round(from * 10); i <= Math.round(to * 10); i++) {
            history.accept(frame(i / 10.0, level), PLENTY);
        }
    }

    private List<Instant> times() {
        return history.between(Instant.MIN, Instant.MAX).stream()
                .map(Moment::time)
                .toList();
    }

    private Moment moment(double seconds) {
        Moment found = history.nearest(time(seconds)).orElseThrow();
        assertThat(found.time()).isEqualTo(time(seconds));
        return found;
    }

    private static double level(EncodedImage jpeg) {
        return ImageFile.read(jpeg.toByteArray()).orElseThrow().getRGB(32, 32) & 0xFF;
    }
}
