package io.framecast.preview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.framecast.forecast.ErrorMap;
import io.framecast.forecast.ForecastScore;
import io.framecast.forecast.FrameSurprise;
import io.framecast.forecast.Origin;
import io.framecast.forecast.RecentErrors;
import io.framecast.forecast.StepScore;
import io.framecast.forecast.SurprisingStretch;
import io.framecast.frame.CameraId;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CameraTimelineTest {
    private static final CameraId DOOR = new CameraId("door");
    private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

    private final CameraTimeline timeline = new CameraTimeline();

    static FrameSurprise frame(long epoch, long sequence, Instant time, double surprise) {
        var map = new ErrorMap(1, 1, List.of((int) (10 * surprise)));
        return new FrameSurprise(DOOR, epoch, sequence, time, "door/1/0/m", 1, surprise, surprise, map, map);
    }

    static SurprisingStretch stretch(long sequence, Instant begin, boolean ended) {
        return new SurprisingStretch(
                DOOR, 1, sequence, begin, begin.plusMillis(800), ended, 5, 4, begin, ErrorMap.none());
    }

    private void play(long frames) {
        for (long i = 0; i < frames; i++) {
            timeline.accept(frame(1, i, START.plusMillis(100 * i), i % 5 / 10.0));
        }
    }

    @Test
    void slot_hasTheHighestSurpriseOfItsFrames() {
        play(10);

        assertThat(timeline.since(0).slots()).hasSize(2).allSatisfy(slot -> {
            assertThat(slot.surprise()).isEqualTo(0.4);
            assertThat(slot.skill()).isNaN();
        });
    }

    @Test
    void slot_hasTheSkillOfTheForecastsMadeInIt() {
        var good = new StepScore(0.01, 20, 1, 0.04, 14, 1);
        var bad = new StepScore(0.03, 15, 1, 0.04, 14, 1);
        for (StepScore step : List.of(good, bad)) {
            var origin = new Origin(DOOR, 1, 5, START.plusMillis(100));
            timeline.accept(
                    new ForecastScore("door/1/5/m", origin, List.of(step, StepScore.MISSING), 0, RecentErrors.none()));
        }

        assertThat(timeline.since(0).slots().get(0).skill()).isCloseTo(0.5, within(1e-9));
    }

    @Test
    void since_aVersion_isOnlyWhatChanged() {
        play(10);
        timeline.accept(stretch(3, START, false));
        CameraTimeline.News all = timeline.since(0);
        timeline.accept(frame(1, 10, START.plusMillis(1000), 0.7));

        CameraTimeline.News news = timeline.since(all.version());

        assertThat(all.stretches()).hasSize(1);
        assertThat(news.slots())
                .singleElement()
                .satisfies(slot -> assertThat(slot.surprise()).isEqualTo(0.7));
        assertThat(news.stretches()).isEmpty();
        assertThat(news.map().strongest()).isEqualTo(7);
        assertThat(timeline.since(news.version()).slots()).isEmpty();
    }

    @Test
    void stretch_thatEnded_isTheSameAndNoLongerGoesOn() {
        timeline.accept(stretch(3, START, false));
        assertThat(timeline.isSurprising()).isTrue();

        timeline.accept(stretch(3, START, true));

        assertThat(timeline.isSurprising()).isFalse();
        assertThat(timeline.since(0).stretches()).hasSize(1);
    }

    @Test
    void memory_isBounded() {
        play(10_000);
        for (int i = 0; i < 100; i++) {
            timeline.accept(stretch(i, START.plusSeconds(i), true));
        }

        CameraTimeline.News all = timeline.since(0);
        assertThat(all.slots()).hasSize(600);
        assertThat(all.slots().get(599).start()).isEqualTo(START.plusMillis(999_500));
        assertThat(all.stretches()).hasSize(CameraTimeline.MOST_STRETCHES);
        assertThat(all.stretches().get(19).id()).isEqualTo("door/1/99");
    }

    @Test
    void clockSetBack_inANewEpoch_goesOnFromThere() {
        play(100);

        timeline.accept(frame(2, 0, START.minusSeconds(3600), 1));
        timeline.accept(frame(2, 1, START.minusSeconds(3600).plusMillis(100), 1));

        assertThat(timeline.since(0).slots())
                .singleElement()
                .satisfies(slot -> assertThat(slot.start()).isEqualTo(START.minusSeconds(3600)));
        timeline.accept(frame(1, 100, START.plusSeconds(10), 5));
        assertThat(timeline.surprise()).as("an older epoch's").isEqualTo(1);
    }
}
