package io.framecast.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.ModelVersion;
import io.framecast.forecast.Origin;
import io.framecast.frame.CameraId;
import io.framecast.frame.ClockSource;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.frame.FrameTime;
import io.framecast.frame.Pixels;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
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
        var frames = new ArrayList<Pixels>();
        for (int step = 1; step <= STEPS; step++) {
            frames.add(picture(-sequence * 100 - step));
        }
        return new Forecast(
                new Origin(CAMERA, epoch, sequence, Instant.EPOCH.plusMillis(100 * sequence)),
                new ModelVersion("m", "1"),
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

    @Test
    void forecast_afterItsFrames_isScoredTheSame() {
        frames(1, 0, 12);
        scorer.forecast(forecast(1, 5), 7);

        assertThat(scorer.through())
                .singleElement()
                .satisfies(scored -> assertThat(scored.score().steps()).noneMatch(StepScore::isMissing));
    }

    @Test
    void droppedFrame_leavesItsStepOut_andTheOthersIn() {
        frames(1, 0, 6);
        scorer.forecast(forecast(1, 5), 7);
        frames(1, 8, 9);

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
        frames(2, 0, 0);

        assertThat(scorer.through())
                .singleElement()
                .satisfies(scored -> assertThat(scored.score().steps())
                        .extracting(StepScore::isMissing)
                        .containsExactly(false, false, true, true));
    }

    @Test
    void frames_repeatedOrLate_changeNothing() {
        frames(1, 0, 7);
        scorer.forecast(forecast(1, 5), 7);
        frames(1, 3, 7);
        frames(1, 8, 9);

        assertThat(scorer.through()).hasSize(1);
    }

    @Test
    void memory_isBounded() {
        frames(1, 0, 2L * CameraScorer.RETAINED);
        assertThat(scorer.firstOffset(-1)).isEqualTo(CameraScorer.RETAINED + 1);
        for (int i = 0; i <= CameraScorer.MOST_WAITING; i++) {
            scorer.forecast(forecast(1, 2L * CameraScorer.RETAINED + i), i);
        }
        assertThat(scorer.through()).as("the oldest gives way").hasSize(1);
    }

    @Test
    void surprise_isHighForTheOneThatFitsWorst_andUnknownAtFirst() {
        var surprise = new Surprise();
        var random = new Random(1);
        double last = Double.NaN;
        for (int i = 0; i < 200; i++) {
            last = surprise.next(forecast(1, i), steps(0.001 * (1 + random.nextDouble())));
            if (i < 20) {
                assertThat(last).isNaN();
            }
        }
        assertThat(last).isBetween(0.0, 3.0);
        assertThat(surprise.next(forecast(1, 500), steps(0.1))).isGreaterThan(Surprise.THRESHOLD);
        assertThat(surprise.next(forecast(1, 501), steps(0.0001))).isLessThan(0.1);
        assertThat(surprise.next(forecast(1, 502), List.of(StepScore.MISSING))).isNaN();
    }

    /** On a camera that goes on as before, about one forecast in a hundred passes the threshold. */
    @Test
    void surprise_falseAlarms_areAsRareAsStated() {
        var surprise = new Surprise();
        var random = new Random(2);
        int alarms = 0;
        for (int i = 0; i < 5000; i++) {
            double value = surprise.next(forecast(1, i), steps(Math.exp(random.nextGaussian())));
            alarms += value > Surprise.THRESHOLD ? 1 : 0;
        }
        assertThat(alarms / 5000.0).isBetween(0.004, 0.016);
    }

    private static List<StepScore> steps(double mse) {
        return List.of(new StepScore(mse, 0, 0, mse, 0, 0));
    }

    @Test
    void picturesTooSmallForASimilarity_areScoredWithoutIt() {
        var small = new FrameShape(2, 2, 1);
        var black = Pixels.copyOf(new byte[small.bytes()]);
        var grey = Pixels.copyOf(new byte[] {51, 51, 51, 51});

        StepScore score = StepScore.of(small, grey, black, black);

        assertThat(score.mse()).isCloseTo(0.04, within(1e-9));
        assertThat(score.persistenceMse()).isZero();
        assertThat(score.ssim()).isNaN();
        assertThat(score.persistenceSsim()).isNaN();
    }
}
