package io.framecast.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.ForecastScore;
import io.framecast.forecast.Persistence;
import io.framecast.forecast.StepScore;
import io.framecast.forecast.Window;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.frame.FrameTime;
import io.framecast.frame.Frames;
import io.framecast.topic.MalformedRecordException;
import io.framecast.topic.TopicKind;
import io.framecast.worker.Checkpoint;
import io.framecast.worker.Input;
import io.framecast.worker.InputPartition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The scorer without Kafka, in virtual time. */
class ScoreProcessorTest {
    private static final FrameShape SHAPE = new FrameShape(8, 8, 3);
    private static final InputPartition FRAMES = new InputPartition(TopicKind.FRAMES, 3);
    private static final InputPartition FORECASTS = new InputPartition(TopicKind.FORECASTS, 3);

    private final List<ForecastScore> committed = new ArrayList<>();
    private long nanos;
    private Duration clockError = Duration.ZERO;
    private final List<String> traces = new ArrayList<>();
    private ScoreProcessor processor = new ScoreProcessor(this::committed, () -> nanos);
    private long framesRead;
    private long forecastsRead;

    private void frame(String camera, long sequence) throws MalformedRecordException {
        frame(frameOf(camera, sequence));
    }

    private Frame frameOf(String camera, long sequence) {
        Frame frame = Frames.of(camera, Frames.EPOCH, sequence, SHAPE);
        var time = new FrameTime(
                frame.captureTime().plus(clockError),
                frame.time().clock(),
                frame.time().pts());
        return new Frame(frame.camera(), frame.epoch(), sequence, time, SHAPE, frame.pixels());
    }

    private void frame(Frame frame) throws MalformedRecordException {
        accept(FRAMES, framesRead++, new ScoreInput.OfFrame(frame));
    }

    private void committed(ScoreOutput output) {
        if (output instanceof ScoreOutput.OfForecast forecast) {
            committed.add(forecast.score());
            traces.add(forecast.trace());
        }
    }

    private void forecast(String camera, long origin) throws MalformedRecordException {
        accept(FORECASTS, forecastsRead++, new ScoreInput.OfForecast(forecastOf(camera, origin)));
    }

    private Forecast forecastOf(String camera, long origin) {
        Frame frame = frameOf(camera, origin);
        return new Persistence()
                .forecast(List.of(new Window(frame.camera(), List.of(frame))))
                .get(0);
    }

    private void accept(InputPartition place, long offset, ScoreInput input) throws MalformedRecordException {
        processor.accept(new Input<>(place, offset, input, "trace of " + offset, Instant.EPOCH, false));
    }

    private List<ForecastScore> due() {
        var due = processor.due(false);
        int before = committed.size();
        processor.committed(due);
        return List.copyOf(committed.subList(before, committed.size()));
    }

    private static long missing(ForecastScore score) {
        return score.steps().stream().filter(StepScore::isMissing).count();
    }

    @Test
    void forecast_isScored_whenItsFramesAndItsSuccessorAreThere() throws Exception {
        frame("a", 0);
        forecast("a", 0);
        for (long sequence = 1; sequence <= Forecast.HORIZON; sequence++) {
            frame("a", sequence);
            assertThat(due()).isEmpty();
        }
        forecast("a", 32);

        assertThat(due())
                .singleElement()
                .satisfies(score -> assertThat(missing(score)).isZero());
        assertThat(traces).as("its forecast's").containsExactly("trace of 0");
    }

    @Test
    void silentCamera_isScoredAsItIs_afterAMinuteByTheTicker() throws Exception {
        frame("a", 0);
        forecast("a", 0);
        frame("a", 1);
        nanos += ScoredPartition.SILENCE.toNanos();
        assertThat(due()).isEmpty();
        nanos++;

        assertThat(due())
                .singleElement()
                .satisfies(score -> assertThat(missing(score)).isEqualTo(31));
        due();
        assertThat(processor.checkpoint(FRAMES, 2).next())
                .as("a silent camera holds back no offset")
                .isEqualTo(2);
    }

    @Test
    void clockOfTheCamerasHostSet_whileForecastsWait_scoresNothingEarlyAndGoesOn() throws Exception {
        for (int hours : new int[] {1, -1}) {
            processor = new ScoreProcessor(this::committed, () -> nanos);
            framesRead = 0;
            forecastsRead = 0;
            frame("a", 0);
            forecast("a", 0);
            clockError = clockError.plusHours(hours);
            for (long sequence = 1; sequence <= Forecast.HORIZON; sequence++) {
                nanos += Duration.ofMillis(100).toNanos();
                frame("a", sequence);
                assertThat(due())
                        .as("early, at frame %s, %s h later", sequence, hours)
                        .isEmpty();
            }
            forecast("a", 32);
            assertThat(due())
                    .as("%s h later", hours)
                    .singleElement()
                    .satisfies(score -> assertThat(missing(score)).isZero());
        }
    }

    @Test
    void frames_waitForForecastsThatAreStillToBeRead() throws Exception {
        for (long sequence = 0; sequence <= CameraScorer.RETAINED / 4; sequence++) {
            assertThat(processor.wants(FRAMES, place -> 5)).isTrue();
            frame("a", sequence);
        }
        assertThat(processor.wants(FRAMES, place -> 5)).isFalse();
        assertThat(processor.wants(FRAMES, place -> 0)).as("none is to be read").isTrue();
        assertThat(processor.wants(FORECASTS, place -> 5)).isTrue();
    }

    @Test
    void forecasts_waitForTheFramesTheyWereMadeAt() throws Exception {
        frame("a", 0);
        frame("b", 0);
        long origin = 0;
        while (processor.wants(FORECASTS, place -> 5)) {
            assertThat(origin).isLessThan(20);
            forecast("a", ++origin);
        }
        assertThat(processor.wants(FRAMES, place -> 5)).isTrue();
        assertThat(processor.wants(FORECASTS, place -> place.topic() == TopicKind.FRAMES ? 0 : 5))
                .as("no frame is to be read")
                .isTrue();

        for (long sequence = 1; sequence <= CameraScorer.RETAINED / 4 + 1; sequence++) {
            frame("b", sequence);
        }
        assertThat(processor.wants(FORECASTS, place -> 5))
                .as("b's forecasts, though a's frames are behind")
                .isTrue();
        assertThat(processor.wants(FRAMES, place -> 5)).isFalse();
        assertThat(processor.wants(FRAMES, place -> 0)).isTrue();
        frame("a", 1);
        assertThat(processor.wants(FORECASTS, place -> 5)).isTrue();
    }

    @Test
    void checkpoint_keepsTheFramesThatForecastsMayNeed_andTheForecastsThatWait() throws Exception {
        for (long sequence = 0; sequence < 300; sequence++) {
            frame("a", sequence);
        }
        forecast("a", 290);
        forecast("a", 299);
        assertThat(due()).isEmpty();

        assertThat(processor.checkpoint(FRAMES, 300)).isEqualTo(new Checkpoint(300 - CameraScorer.RETAINED, ""));
        assertThat(processor.checkpoint(FORECASTS, 2).next()).isZero();
    }

    @Test
    void successor_scoresWhatIsLeft_onceOnly() throws Exception {
        frame("a", 0);
        forecast("a", 0);
        frame("b", 0);
        forecast("b", 0);
        for (long sequence = 1; sequence <= Forecast.HORIZON; sequence++) {
            frame("b", sequence);
        }
        forecast("b", 32);
        assertThat(due()).hasSize(1);
        Checkpoint left = processor.checkpoint(FORECASTS, forecastsRead);
        assertThat(left.next()).as("a's forecast waits").isZero();

        processor = new ScoreProcessor(this::committed, () -> nanos);
        assertThat(processor.resume(FORECASTS, left)).isZero();
        forecastsRead = 0;
        frame("a", 0);
        forecast("a", 0);
        frame("b", 0);
        forecast("b", 0);
        forecast("b", 32);
        processor.end();

        assertThat(due().stream().map(ForecastScore::forecastId))
                .containsExactlyInAnyOrder(
                        forecastOf("a", 0).id(), forecastOf("b", 32).id());
    }

    @Test
    void madeUpCameras_areForgotten_unlessForecastsOfThemWait() throws Exception {
        for (int camera = 0; camera < ScoredPartition.MOST_CAMERAS; camera++) {
            nanos++;
            frame("camera" + camera, 0);
        }
        frame("one-more", 0);
        for (int camera = 0; camera < ScoredPartition.MOST_CAMERAS; camera++) {
            forecast(camera == 0 ? "one-more" : "camera" + camera, 0);
        }

        assertThatThrownBy(() -> frame("too-many", 0))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("camera too-many is one too many: 256");
        assertThatThrownBy(() -> forecast("too-many", 0)).isInstanceOf(MalformedRecordException.class);
        assertThat(processor.checkpoint(FORECASTS, forecastsRead).next())
                .as("the first forecast still waits, the refused one is done")
                .isZero();
        processor.end();
        assertThat(due()).hasSize(256);
        assertThat(processor.checkpoint(FORECASTS, forecastsRead).next()).isEqualTo(257);
    }

    @Test
    void forecastsThatWaitBeyondWhatACommitCanRecord_areNotReadFurther() throws Exception {
        frame("a", 0);
        forecast("a", 0);
        long other = 0;
        while (processor.wants(FORECASTS, place -> 0)) {
            forecastsRead++;
            forecast("b", 1_000 * other++);
            due();
            assertThat(other).isLessThan(20_000);
        }
        Checkpoint left = processor.checkpoint(FORECASTS, forecastsRead);
        assertThat(left.metadata().length()).isLessThan(4_096);

        nanos += Duration.ofSeconds(61).toNanos();
        due();
        assertThat(processor.wants(FORECASTS, place -> 0))
                .as("after the silence of a")
                .isTrue();
    }
}
