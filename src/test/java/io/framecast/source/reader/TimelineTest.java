package io.framecast.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.framecast.frame.ClockSource;
import io.framecast.source.Picture;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.LongSummaryStatistics;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
        assertThat(second.captured())
                .as("spaced by the stream, whenever it arrives")
                .isEqualTo(START.plusMillis(100));
    }

    @ParameterizedTest
    @CsvSource({
        // pts step, arrival step, whether it begins an epoch; all in milliseconds
        "100, 100, false",
        "-50, 100, false",
        "-150, 100, true",
        "-60000, 100, true",
        "1900, 100, false",
        "2200, 100, true",
        "1900, 1900, false",
        "100, 6000, false",
        "5000, 5000, true",
    })
    void place_liveJumpOrGap_beginsAnEpoch(long pts, long arrival, boolean begins) {
        var timeline = new Timeline(true);
        for (int i = 0; i < 10; i++) {
            timeline.place(picture(100L * i), at(100L * i));
        }
        var before = timeline.place(picture(1_000), at(1_000));
        var after = timeline.place(picture(1_000 + pts), at(1_000 + arrival));

        assertThat(after.first()).isEqualTo(begins);
        assertThat(after.epoch() > before.epoch()).isEqualTo(begins);
        assertThat(after.micros()).isNotNegative();
        assertThat(after.captured()).isAfter(before.captured());
    }

    @ParameterizedTest
    @CsvSource({"100, false", "1999, false", "2001, true", "-101, true"})
    void place_fileJump_beginsAnEpochWhateverTheArrival(long pts, boolean begins) {
        var timeline = new Timeline(false);
        timeline.place(picture(900), at(0));
        var before = timeline.place(picture(1_000), at(0));
        var after = timeline.place(picture(1_000 + pts), at(1));

        assertThat(after.first()).isEqualTo(begins);
        assertThat(after.captured()).isAfter(before.captured());
        assertThat(after.clock()).isEqualTo(ClockSource.MEDIA);
    }

    @ParameterizedTest
    @ValueSource(longs = {2_500, 5_000, 60_000, 600_000})
    void place_aPictureEachFewSecondsOrMinutes_isOneEpoch(long step) {
        for (boolean live : new boolean[] {true, false}) {
            var timeline = new Timeline(live);
            var epochs = new HashSet<Long>();
            for (int i = 0; i < 50; i++) {
                epochs.add(timeline.place(picture(step * i), at(step * i)).epoch());
            }
            assertThat(epochs).as("live: %s", live).hasSize(1);
        }
    }

    @Test
    void place_firstPictureLongBeforeTheOthers_isLeftBehind() {
        var timeline = new Timeline(true);
        timeline.place(picture(0), at(0));
        timeline.place(picture(9_000), at(9_000));

        assertThat(timeline.place(picture(9_100), at(9_100)).first()).isTrue();
        assertThat(timeline.place(picture(9_200), at(9_200)).first()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(doubles = {5, 7.5, 12, 15, 24, 25, 29.97, 50, 59.94, 60})
    void place_hoursOfAnyRate_inBurstsFromADriftingClockThatIsOff_areOneEpochInStep(double fps) {
        for (double ppm : new double[] {-100, 0, 100}) {
            for (long offSeconds : new long[] {-315_360_000, -10, -1, 0, 1, 10, 315_360_000}) {
                watch(fps, ppm, offSeconds, Duration.ofMinutes(offSeconds == 0 ? 360 : 5));
            }
        }
    }

    /** Pictures arrive half a second's worth at a time, each 20 ms late at least, from a camera whose clock is off. */
    private static void watch(double fps, double ppm, long offSeconds, Duration time) {
        var timeline = new Timeline(true);
        var epochs = new HashSet<Long>();
        var steps = new LongSummaryStatistics();
        var lateness = new LongSummaryStatistics();
        double step = 1e6 / fps;
        long count = (long) (time.toSeconds() * fps);
        long before = 0;
        for (long i = 0; i < count; i++) {
            long taken = Math.round(i * step); // on our clock, in microseconds
            long pts = Math.round(taken * (1 + ppm * 1e-6));
            long arrival = (taken / 500_000 + 1) * 500_000 + 20_000;
            var cameraClock = START.plus(taken, ChronoUnit.MICROS).plusSeconds(offSeconds);
            var picture = new Picture(0, 640, 480, OptionalLong.of(pts), Optional.of(cameraClock));
            var place = timeline.place(picture, new Moment(START.plus(arrival, ChronoUnit.MICROS), arrival * 1_000));
            epochs.add(place.epoch());
            if (i > 0) {
                steps.accept(place.micros() - before);
            }
            before = place.micros();
            if (i > 60 * fps) {
                lateness.accept(ChronoUnit.MICROS.between(START, place.captured()) - taken);
            }
        }
        String what = fps + " fps, " + ppm + " ppm, " + offSeconds + " s off";
        assertThat(epochs).as(what).hasSize(1);
        assertThat(steps.getMin()).as(what).isGreaterThan((long) (0.999 * step) - 2);
        assertThat(steps.getMax()).as(what).isLessThan((long) (1.001 * step) + 2);
        assertThat(lateness.getMin()).as(what).isNotNegative();
        assertThat(lateness.getMax()).as(what).isLessThan(120_000 + (long) step);
    }

    @Test
    void place_variableRate_isSpacedByTheStream() {
        var timeline = new Timeline(true);
        var random = new Random(1);
        long pts = 0;
        long expected = 0;
        timeline.place(picture(0), at(0));
        for (int i = 0; i < 5_000; i++) {
            long step = 10L + random.nextInt(400);
            pts += step;
            expected += step * 1_000;
            var place = timeline.place(picture(pts), at(pts + random.nextInt(300)));
            assertThat(place.first()).isFalse();
            assertThat(place.micros()).isEqualTo(expected);
        }
    }

    @Test
    void place_timestampsThatStoodStill_standElsewhereAfterAMinute() {
        var timeline = new Timeline(true);
        var epochs = new HashSet<Long>();
        for (int i = 0; i < 1_200; i++) {
            long paused = i < 300 ? 0 : 10_000;
            var place = timeline.place(picture(100L * i), at(100L * i + paused));
            epochs.add(place.epoch());
            if (i > 1_000) {
                assertThat(place.captured()).isEqualTo(START.plusMillis(100L * i + paused));
            }
        }
        assertThat(epochs).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(longs = {-3_600_000, -3_000, 3_000, 3_600_000})
    void place_clockOfThisMachineSet_beginsOneEpochThere(long set) {
        var timeline = new Timeline(true);
        var epochs = new TreeSet<Long>();
        for (int i = 0; i < 600; i++) {
            long wall = 100L * i + (i < 300 ? 0 : set);
            var moment = new Moment(START.plusMillis(wall), 100_000_000L * i);
            epochs.add(timeline.place(picture(100L * i), moment).epoch());
        }
        assertThat(epochs).hasSize(2);
        assertThat(epochs.last()).isGreaterThan(epochs.first());
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
    @ValueSource(longs = {-3_600_000, -1_000, -80, 80, 10_000, 315_360_000_000L})
    void place_cameraClock_movesNothing(long off) {
        var captured = START.plusMillis(off);
        var place = new Timeline(true).place(new Picture(0, 8, 8, OptionalLong.of(0), Optional.of(captured)), at(0));

        assertThat(place.clock()).isEqualTo(ClockSource.ARRIVAL);
        assertThat(place.captured()).isEqualTo(START);
    }
}
