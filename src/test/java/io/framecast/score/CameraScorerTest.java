package io.framecast.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.FrameSurprise;
import io.framecast.forecast.ModelVersion;
import io.framecast.forecast.Origin;
import io.framecast.forecast.RecentErrors;
import io.framecast.forecast.StepScore;
import io.framecast.frame.CameraId;
import io.framecast.frame.ClockSource;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.frame.FrameTime;
import io.framecast.frame.Pixels;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CameraScorerTest {
    private static final FrameShape SHAPE = new FrameShape(16, 16, 3);
    private static final CameraId CAMERA = new CameraId("yard");
    private static final int STEPS = 4;

    private final CameraScorer scorer = new CameraScorer();

    private static Pixels picture(long seed) {
        var bytes = new byte[SHAPE.bytes()];
        new Random(seed).nextBytes(bytes);
        return Pixels.copyOf(bytes);
    }

    private static Frame frame(long epoch, long sequence) {
        var time = new FrameTime(Instant.EPOCH.plusMillis(100 * sequence), ClockSource.ARRIVAL, OptionalLong.empty());
        return new Frame(CAMERA, epoch, sequence, time, SHAPE, picture(epoch * 1000 + sequence));
    }

    private static Forecast forecast(long epoch, long sequence) {
        return forecast(epoch, sequence, "m");
    }

    private static Forecast forecast(long epoch, long sequence, String model) {
        var frames = new ArrayList<Pixels>();
        for (int step = 1; step <= STEPS; step++) {
            frames.add(picture(-sequence * 100 - step));
        }
        return new Forecast(
                new Origin(CAMERA, epoch, sequence, Instant.EPOCH.plusMillis(100 * sequence)),
                new ModelVersion(model, "1"),
                10,
                Duration.ofMillis(100),
                SHAPE,
                frames,
                Optional.empty());
    }

    private void frames(long epoch, long from, long to) {
        for (long sequence = from; sequence <= to; sequence++) {
            scorer.frame(frame(epoch, sequence), sequence);
        }
    }

    @Test
    void through_whenTheLastFrameCame_hasEveryStepsNumbersAsEvaluate() {
        frames(1, 0, 5);
        scorer.forecast(forecast(1, 5), 7);
        frames(1, 6, 8);
        scorer.forecast(forecast(1, 8), 8);
        assertThat(scorer.through()).as("one frame is missing").isEmpty();
        frames(1, 9, 9);

        List<CameraScorer.Scored> through = scorer.through();

        assertThat(through).singleElement().satisfies(scored -> {
            assertThat(scored.offset()).isEqualTo(7);
            assertThat(scored.score().forecastId()).isEqualTo("yard/1/5/m");
            var evaluated = new HorizonScores(SHAPE, STEPS);
            List<Pixels> truth = List.of(
                    frame(1, 6).pixels(),
                    frame(1, 7).pixels(),
                    frame(1, 8).pixels(),
                    frame(1, 9).pixels());
            evaluated.add(frame(1, 5).pixels(), truth, forecast(1, 5).frames());
            for (int step = 0; step < STEPS; step++) {
                StepScore score = scored.score().steps().get(step);
                assertThat(score.mse()).isEqualTo(evaluated.mse()[step]);
                assertThat(score.psnr()).isEqualTo(evaluated.psnr()[step]);
                assertThat(score.ssim()).isEqualTo(evaluated.ssim()[step]);
                assertThat(score.skill()).isCloseTo(1 - score.mse() / score.persistenceMse(), within(1e-12));
            }
        });
        assertThat(scorer.through()).as("once only").isEmpty();
    }

    private static Forecast expecting(long sequence, double error) {
        Forecast forecast = forecast(1, sequence);
        return new Forecast(
                forecast.origin(),
                forecast.model(),
                forecast.contextLength(),
                forecast.interval(),
                forecast.shape(),
                forecast.frames(),
                Collections.nCopies(STEPS, error),
                forecast.stamps());
    }

    @Test
    void recent_isThatOfTheForecastsThrough_andGoesOnAfterARestart() {
        frames(1, 0, 19);
        for (long origin = 5; origin <= 13; origin += 4) {
            scorer.forecast(expecting(origin, 0.01), origin);
        }
        List<CameraScorer.Scored> through = scorer.through();
        var expected = new RecentErrorTracker();
        assertThat(through).hasSize(2);
        for (CameraScorer.Scored scored : through) {
            expected.next(
                    Collections.nCopies(STEPS, 0.01),
                    scored.score().steps().stream().map(StepScore::mse).toList());
            assertThat(scored.score().recent()).isEqualTo(expected.recent());
            assertThat(scored.score().recent().real())
                    .allSatisfy(mean -> assertThat(mean).isGreaterThan(0.02));
        }

        var second = new CameraScorer();
        second.restore(through.get(1).score());
        for (long sequence = 13; sequence <= 19; sequence++) {
            second.frame(frame(1, sequence), sequence);
        }
        second.forecast(expecting(13, 0.01), 13);
        second.forecast(expecting(17, 0.01), 17);

        expected.restore(through.get(1).score().recent());
        assertThat(second.through()).singleElement().satisfies(scored -> {
            expected.next(
                    Collections.nCopies(STEPS, 0.01),
                    scored.score().steps().stream().map(StepScore::mse).toList());
            assertThat(scored.score().recent()).isEqualTo(expected.recent());
        });
    }

    @Test
    void recent_ofAModelThatExpectsNothing_isEmpty() {
        frames(1, 0, 12);
        scorer.forecast(forecast(1, 5), 7);
        scorer.forecast(forecast(1, 9), 8);

        assertThat(scorer.through())
                .singleElement()
                .satisfies(scored -> assertThat(scored.score().recent()).isEqualTo(RecentErrors.none()));
    }

    @Test
    void forecast_afterItsFrames_isScoredTheSame() {
        frames(1, 0, 12);
        scorer.forecast(forecast(1, 5), 7);
        assertThat(scorer.through()).as("the next forecast is missing").isEmpty();
        scorer.forecast(forecast(1, 10), 8);

        assertThat(scorer.through())
                .singleElement()
                .satisfies(scored -> assertThat(scored.score().steps()).noneMatch(StepScore::isMissing));
    }

    @Test
    void droppedFrame_leavesItsStepOut_andTheOthersIn() {
        frames(1, 0, 6);
        scorer.forecast(forecast(1, 5), 7);
        frames(1, 8, 9);
        scorer.forecast(forecast(1, 9), 8);

        assertThat(scorer.through())
                .singleElement()
                .satisfies(scored -> assertThat(scored.score().steps())
                        .extracting(StepScore::isMissing)
                        .containsExactly(false, true, false, false));
    }

    @Test
    void newEpoch_endsWhatWaits_andIsNotCompared() {
        frames(1, 0, 7);
        scorer.forecast(forecast(1, 5), 7);
        frames(2, 0, 1);

        assertThat(scorer.through())
                .singleElement()
                .satisfies(scored -> assertThat(scored.score().steps())
                        .extracting(StepScore::isMissing)
                        .containsExactly(false, false, true, true));
    }

    /** One frame whose epoch lies in 2030, and then a run of them: a wrong clock, which was corrected. */
    @Test
    void frameFromTheFuture_stopsNeitherScoresNorOffsets() {
        frames(1, 0, 7);
        scorer.forecast(forecast(1, 5), 7);
        frames(2030, 0, 0);
        frames(1, 8, 9);
        scorer.forecast(forecast(1, 9), 8);

        assertThat(scorer.through())
                .singleElement()
                .satisfies(scored -> assertThat(scored.score().steps()).noneMatch(StepScore::isMissing));
    }

    @Test
    void clockSetBack_scoresAndJudgesAgain_andLetsOffsetsGo() {
        frames(2030, 0, 20);
        scorer.forecast(forecast(2030, 5), 3);
        scorer.forecast(forecast(2030, 15), 4);
        scorer.through();
        scorer.judged();
        frames(1, 0, 200);
        scorer.forecast(forecast(2030, 18), 5); // the predictor was behind
        scorer.forecast(forecast(1, 200), 6);
        scorer.forecast(forecast(1, 202), 7);
        frames(1, 201, 206);

        assertThat(scorer.through())
                .extracting(CameraScorer.Scored::offset)
                .as("that of 2030 before the clock was set back, and that of now")
                .contains(4L, 6L);
        assertThat(scorer.judged()).extracting(FrameSurprise::epoch).contains(1L);
        frames(1, 207, 500);
        assertThat(scorer.through()).extracting(CameraScorer.Scored::offset).contains(5L);
        assertThat(scorer.firstOffset(-1)).isGreaterThan(200);
    }

    @Test
    void restoredFromTheFuture_judgesAgainInTheEnd() {
        frames(2030, 0, 20);
        scorer.forecast(forecast(2030, 5), 3);
        scorer.forecast(forecast(2030, 15), 4);
        List<FrameSurprise> known = scorer.judged();
        var second = new CameraScorer();
        known.forEach(second::restore);

        run(second, 0, 2L * CameraScorer.RETAINED);

        assertThat(second.judged()).extracting(FrameSurprise::epoch).contains(1L);
    }

    @Test
    void frames_repeatedOrLate_changeNothing() {
        frames(1, 0, 7);
        scorer.forecast(forecast(1, 5), 7);
        frames(1, 3, 7);
        frames(1, 8, 9);
        scorer.forecast(forecast(1, 9), 8);

        assertThat(scorer.through()).hasSize(1);
    }

    @Test
    void lastForecast_withoutANextOne_isThroughInTheEnd() {
        frames(1, 0, 5);
        scorer.forecast(forecast(1, 5), 7);
        frames(1, 6, 200);
        assertThat(scorer.through()).isEmpty();
        frames(1, 201, 230);

        assertThat(scorer.through()).hasSize(1);
        assertThat(scorer.judged()).extracting(FrameSurprise::sequence).containsExactly(6L, 7L, 8L, 9L);
    }

    @Test
    void judged_eachFrameOnce_byTheNewestForecastBefore_howeverTheyInterleave() {
        var live = new CameraScorer();
        var late = new CameraScorer();
        for (long sequence = 0; sequence <= 30; sequence++) {
            live.frame(frame(1, sequence), sequence);
            if (sequence % 3 == 0) {
                live.forecast(forecast(1, sequence), sequence);
            }
            live.through();
        }
        for (long sequence = 0; sequence <= 30; sequence++) {
            late.frame(frame(1, sequence), sequence);
        }
        for (long sequence = 0; sequence <= 30; sequence += 3) {
            late.forecast(forecast(1, sequence), sequence);
            late.through();
        }

        List<FrameSurprise> judged = live.judged();

        assertThat(judged).extracting(FrameSurprise::sequence).containsExactlyElementsOf(range(1, 30));
        assertThat(judged).extracting(FrameSurprise::step).startsWith(1, 2, 3, 1, 2, 3);
        assertThat(judged.get(3).forecastId()).isEqualTo("yard/1/3/m");
        assertThat(late.judged()).isEqualTo(judged);
        assertThat(live.judged()).as("once only").isEmpty();
    }

    @Test
    void judged_whereForecastsWereSkipped_upToTheHorizon() {
        frames(1, 0, 20);
        scorer.forecast(forecast(1, 0), 0);
        scorer.forecast(forecast(1, 10), 1);
        scorer.forecast(forecast(1, 12), 2);

        assertThat(scorer.judged()).extracting(FrameSurprise::sequence).containsExactly(1L, 2L, 3L, 4L, 11L, 12L);
    }

    @Test
    void end_judgesWhatCame() {
        frames(1, 0, 7);
        scorer.forecast(forecast(1, 5), 7);
        scorer.end();

        assertThat(scorer.judged()).extracting(FrameSurprise::sequence).containsExactly(6L, 7L);
        assertThat(scorer.through()).hasSize(1);
    }

    @Test
    void restored_goesOnAsIfNothingHadHappened() {
        var whole = new CameraScorer();
        var first = new CameraScorer();
        run(whole, 0, 400);
        run(first, 0, 200);
        List<FrameSurprise> known = first.judged();
        var second = new CameraScorer();
        known.forEach(second::restore);
        first.stretches().forEach(second::restore);
        run(second, 180, 400); // some frames come again

        List<FrameSurprise> all = whole.judged();
        assertThat(second.judged()).isEqualTo(all.subList(known.size(), all.size()));
        assertThat(all.get(all.size() - 1).surprise()).isNotNaN();
    }

    @Test
    void anotherModel_isJudgedByItsOwnErrorsOnly() {
        run(scorer, 0, 200);
        scorer.judged();
        run(scorer, 200, 400, "other");

        List<FrameSurprise> judged = scorer.judged().stream()
                .filter(frame -> frame.forecastId().endsWith("/other"))
                .toList();
        assertThat(judged.subList(0, Surprise.LEAST))
                .allSatisfy(frame -> assertThat(frame.surprise()).isNaN());
        assertThat(judged.get(Surprise.LEAST).surprise()).isNotNaN();
    }

    private static void run(CameraScorer one, long from, long to) {
        run(one, from, to, "m");
    }

    private static void run(CameraScorer one, long from, long to, String model) {
        for (long sequence = from; sequence < to; sequence++) {
            one.frame(frame(1, sequence), sequence);
            if (sequence % 5 == 0) {
                one.forecast(forecast(1, sequence, model), sequence);
            }
            one.through();
        }
    }

    private static List<Long> range(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    @Test
    void memory_isBounded() {
        frames(1, 0, 2L * CameraScorer.RETAINED);
        assertThat(scorer.firstOffset(-1)).isEqualTo(CameraScorer.RETAINED + 1);
        for (int i = 0; i < CameraScorer.MOST_WAITING + 100; i++) {
            scorer.forecast(forecast(1, 2L * CameraScorer.RETAINED + i), i);
        }
        assertThat(scorer.through()).as("the oldest give way").hasSize(100);
        assertThat(scorer.through()).isEmpty();
    }

    @Test
    void picturesTooSmallForASimilarity_areScoredWithoutIt() {
        var small = new FrameShape(2, 2, 1);
        var black = Pixels.copyOf(new byte[small.bytes()]);
        var grey = Pixels.copyOf(new byte[] {51, 51, 51, 51});

        var comparing = new StepScores();
        WindowSums sums = comparing.sums(small, black);
        StepScore score = comparing.of(grey, sums, sums);

        assertThat(score.mse()).isCloseTo(0.04, within(1e-9));
        assertThat(score.persistenceMse()).isZero();
        assertThat(score.ssim()).isNaN();
        assertThat(score.persistenceSsim()).isNaN();
    }
}
