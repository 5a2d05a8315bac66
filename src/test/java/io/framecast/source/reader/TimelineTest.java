package io.framecast.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.framecast.frame.ClockSource;
import io.framecast.source.Picture;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimelineTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final long START_MICROS = START.getEpochSecond() * 1_000_000;

    private static Moment at(long millis) {
        return new Moment(START.plusMillis(millis), millis * 1_000_000);
    }

    private static Picture picture(long ptsMillis) {
        return new Picture(0, 640, 480, OptionalLong.of(ptsMillis * 1_000), Optional.empty());
    }

    @Test
    void place_steadyStream_staysInItsEpoch() {
        var timeline = new Timeline(true);
        var first = timeline.place(picture(777_000), at(0));
        var second = timeline.place(picture(777_100), at(110));

        assertThat(first.first()).isTrue();
        assertThat(first.epoch()).isEqualTo(START_MICROS);
        assertThat(first.micros()).isZero();
        assertThat(second.first()).isFalse();
        assertThat(second.epoch()).isEqualTo(first.epoch());
        assertThat(second.pts()).hasValue(100_000);
        assertThat(second.clock()).isEqualTo(ClockSource.ARRIVAL);
        assertThat(second.captured()).isEqualTo(START.plusMillis(110));
    }

    @ParameterizedTest
    @CsvSource({
        // pts step, arrival step, whether it begins an epoch; all in milliseconds
        "100, 100, false",
        "-50, 100, false",
        "-150, 100, true",
        "-60000, 100, true",
        "2050, 100, false",
        "2200, 100, true",
        "1900, 1900, false",
        "100, 2001, true",
        "5000, 5000, true",
    })
    void place_liveJumpOrGap_beginsAnEpoch(long pts, long arrival, boolean begins) {
        var timeline = new Timeline(true);
        var before = timeline.place(picture(1_000), at(0));
        var after = timeline.place(picture(1_000 + pts), at(arrival));

        assertThat(after.first()).isEqualTo(begins);
        assertThat(after.epoch() > before.epoch()).isEqualTo(begins);
        assertThat(after.micros()).isNotNegative();
        assertThat(after.captured()).isAfter(before.captured());
    }

    @ParameterizedTest
    @CsvSource({"100, false", "1999, false", "2001, true", "-101, true"})
    void place_fileJump_beginsAnEpochWhateverTheArrival(long pts, boolean begins) {
        var timeline = new Timeline(false);
        var before = timeline.place(picture(1_000), at(0));
        var after = timeline.place(picture(1_000 + pts), at(1));

        assertThat(after.first()).isEqualTo(begins);
        assertThat(after.captured()).isAfter(before.captured());
        assertThat(after.clock()).isEqualTo(ClockSource.MEDIA);
    }

    @Test
    void place_fileReadFast_capturesOnItsOwnTimeline() {
        var timeline = new Timeline(false);
        timeline.place(picture(0), at(0));

        assertThat(timeline.place(picture(1_500), at(3)).captured()).isEqualTo(START.plusMillis(1_500));
        var next = timeline.place(picture(0), at(4));
        assertThat(next.captured()).isEqualTo(START.plusMillis(1_500).plusNanos(1_000));
        assertThat(next.epoch()).isEqualTo(START_MICROS + 1_500_001);
    }

    @Test
    void place_newSessionOrSize_beginsAnEpoch() {
        var timeline = new Timeline(true);
        timeline.place(picture(0), at(0));
        var pts = OptionalLong.of(10_000);

        assertThat(timeline.place(new Picture(1, 640, 480, pts, Optional.empty()), at(10))
                        .first())
                .isTrue();
        assertThat(timeline.place(new Picture(1, 320, 480, pts, Optional.empty()), at(20))
                        .first())
                .isTrue();
        assertThat(timeline.place(new Picture(1, 320, 240, pts, Optional.empty()), at(30))
                        .first())
                .isTrue();
        assertThat(timeline.place(new Picture(1, 320, 240, pts, Optional.empty()), at(40))
                        .first())
                .isFalse();
    }

    @Test
    void place_twoEpochsInOneMicrosecond_riseAllTheSame() {
        var timeline = new Timeline(true);
        var one = timeline.place(new Picture(0, 8, 8, OptionalLong.of(0), Optional.empty()), at(0));
        var two = timeline.place(new Picture(1, 8, 8, OptionalLong.of(0), Optional.empty()), at(0));
        var three = timeline.place(new Picture(2, 8, 8, OptionalLong.of(0), Optional.empty()), at(-5_000));

        assertThat(two.epoch()).isEqualTo(one.epoch() + 1);
        assertThat(three.epoch()).isEqualTo(two.epoch() + 1);
    }

    @Test
    void place_missingTimestamps_goByArrival() {
        var timeline = new Timeline(true);
        var none = new Picture(0, 8, 8, OptionalLong.empty(), Optional.empty());
        timeline.place(none, at(0));
        var next = timeline.place(none, at(130));

        assertThat(next.micros()).isEqualTo(130_000);
        assertThat(next.pts()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"-50, CAMERA", "-59000, CAMERA", "-61000, ARRIVAL", "3600000, ARRIVAL"})
    void place_cameraClock_isBelievedUnlessFarOff(long off, ClockSource expected) {
        var captured = START.plusMillis(off);
        var place = new Timeline(true).place(new Picture(0, 8, 8, OptionalLong.of(0), Optional.of(captured)), at(0));

        assertThat(place.clock()).isEqualTo(expected);
        assertThat(place.captured()).isEqualTo(expected == ClockSource.CAMERA ? captured : START);
    }

    @Test
    void place_cameraClockArrives_captureTimesStillRise() {
        var timeline = new Timeline(true);
        var before = timeline.place(picture(0), at(0));
        var report = Optional.of(START.minus(Duration.ofMillis(80)));
        var after = timeline.place(new Picture(0, 640, 480, OptionalLong.of(20_000), report), at(20));

        assertThat(after.first()).isFalse();
        assertThat(after.captured()).isAfter(before.captured());
    }
}
