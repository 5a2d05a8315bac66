package io.framecast.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.Forecaster;
import io.framecast.forecast.LatencyStamps;
import io.framecast.forecast.ModelVersion;
import io.framecast.forecast.Window;
import io.framecast.frame.CameraId;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Frames;
import io.framecast.topic.MalformedRecordException;
import io.framecast.topic.TopicKind;
import io.framecast.worker.Checkpoint;
import io.framecast.worker.Input;
import io.framecast.worker.InputPartition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The predictor without Kafka, in virtual time. */
class PredictProcessorTest {
    private static final FrameShape SHAPE = new FrameShape(2, 2, 3);
    private static final InputPartition PLACE = new InputPartition(TopicKind.FRAMES, 3);
    private static final int CONTEXT = 4;

    private final List<String> dropped = new ArrayList<>();
    private final List<Duration> latencies = new ArrayList<>();
    private long nanos;
    private int least = CONTEXT;
    private Instant timeOfDay = Instant.EPOCH;
    private PredictProcessor processor = processor(Policy.LATEST, 16);

    private PredictProcessor processor(Policy policy, int maxBatch) {
        var batching = new BatchConfig(policy, maxBatch, Duration.ofMillis(20));
        return new PredictProcessor(new Repeating(least), batching, 1, new Counts(), () -> nanos);
    }

    /** Repeats the last frame of a context. */
    private static final class Repeating implements Forecaster {
        private final int least;

        private Repeating(int least) {
            this.least = least;
        }

        @Override
        public int leastContextLength() {
            return least;
        }

        @Override
        public ModelVersion model() {
            return new ModelVersion("repeating", "1");
        }

        @Override
        public int contextLength() {
            return CONTEXT;
        }

        @Override
        public Optional<FrameShape> takes() {
            return Optional.of(SHAPE);
        }

        @Override
        public List<Forecast> forecast(List<Window> windows) {
            return windows.stream().map(this::repeat).toList();
        }

        private Forecast repeat(Window window) {
            return new Forecast(
                    window.origin(),
                    model(),
                    window.length(),
                    window.interval(),
                    SHAPE,
                    Collections.nCopies(Forecast.HORIZON, window.last().pixels()),
                    Optional.empty());
        }
    }

    private final class Counts implements PredictListener {
        @Override
        public void forecast(Forecast forecast, LatencyStamps stamps) {
            latencies.add(Duration.between(stamps.polled(), stamps.forecast()));
        }

        @Override
        public void dropped(CameraId camera, String cause) {
            dropped.add(camera + " " + cause);
        }
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    private void accept(String camera, long sequence, long offset) throws MalformedRecordException {
        accept(Frames.of(camera, Frames.EPOCH, sequence, SHAPE), offset, false);
    }

    private void accept(Frame frame, long offset, boolean readBack) throws MalformedRecordException {
        processor.accept(new Input<>(PLACE, offset, frame, "trace-" + offset, timeOfDay, readBack));
    }

    private List<String> due(boolean draining) {
        var due = processor.due(draining);
        processor.committed(due);
        return due.stream().map(made -> made.forecast().id()).toList();
    }

    private List<String> dueWithLengths() {
        return processor.due(true).stream()
                .map(made -> made.forecast().id() + " from " + made.forecast().contextLength())
                .toList();
    }

    private static String id(String camera, long sequence) {
        return camera + "/" + Frames.EPOCH + "/" + sequence + "/repeating";
    }

    @Test
    void windows_areForecastTogether_onceTheFirstHasWaited() throws Exception {
        for (long sequence = 0; sequence < CONTEXT; sequence++) {
            accept("a", sequence, 2 * sequence);
            accept("b", sequence, 2 * sequence + 1);
        }
        assertThat(due(false)).isEmpty();
        assertThat(processor.timeUntilDue()).isEqualTo(Duration.ofMillis(20));
        pass(Duration.ofMillis(20));

        assertThat(due(false)).containsExactly(id("a", 3), id("b", 3));
        assertThat(latencies).containsOnly(Duration.ofMillis(20));
        assertThat(processor.isIdle()).isTrue();
    }

    @Test
    void windowsOfAModelThatCanDoWithLess_growToItsContextLength() throws Exception {
        var batching = new BatchConfig(Policy.ALL, 16, Duration.ofMillis(20));
        processor = new PredictProcessor(new Repeating(2), batching, 1, new Counts(), () -> nanos);
        for (long sequence = 0; sequence < CONTEXT + 2; sequence++) {
            accept("a", sequence, sequence);
        }

        assertThat(processor.due(true).stream()
                        .map(made -> made.forecast().contextLength())
                        .toList())
                .containsExactly(2, 3, 4, 4, 4);
        Checkpoint left = processor.checkpoint(PLACE, CONTEXT + 2);
        assertThat(processor.resume(PLACE, left))
                .as("the newest window's first frame")
                .isEqualTo(2);
    }

    @Test
    void windowThatGrows_holdsNoMoreThanItMust_ofWhatManyRecordsAgoCame() throws Exception {
        var batching = new BatchConfig(Policy.ALL, 16, Duration.ofMillis(20));
        processor = new PredictProcessor(new Repeating(2), batching, 1, new Counts(), () -> nanos);
        for (long sequence = 0; sequence < CONTEXT; sequence++) {
            accept("a", sequence, 6_000 * sequence); // others' frames lie between
        }

        assertThat(processor.due(true).stream()
                        .map(made -> made.forecast().contextLength())
                        .toList())
                .containsExactly(2, 2, 2);
    }

    @Test
    void timeOfDaySetWhileWindowsWait_neitherHurriesNorHoldsThem() throws Exception {
        for (int hours : new int[] {1, -1, 24, -48}) {
            processor.forget(3);
            for (long sequence = 0; sequence < CONTEXT; sequence++) {
                accept("a", sequence, sequence);
            }
            timeOfDay = timeOfDay.plus(Duration.ofHours(hours));
            pass(Duration.ofMillis(19));
            accept("a", CONTEXT, CONTEXT);
            assertThat(due(false)).as("a millisecond early, %s h later", hours).isEmpty();
            pass(Duration.ofMillis(1));
            assertThat(due(false)).as("on time, %s h later", hours).containsExactly(id("a", CONTEXT));
        }
        assertThat(latencies).allSatisfy(latency -> assertThat(latency).isLessThan(Duration.ofSeconds(1)));
    }

    @Test
    void latest_overtakenWindow_isCounted() throws Exception {
        for (long sequence = 0; sequence <= CONTEXT; sequence++) {
            accept("a", sequence, sequence);
        }
        assertThat(due(true)).containsExactly(id("a", 4));
        assertThat(dropped).containsExactly("a window-skipped");
    }

    @Test
    void all_tooManyWaiting_wantsNoMoreUntilSomeAreMade() throws Exception {
        processor = processor(Policy.ALL, 1);
        long sequence = 0;
        while (processor.wants(PLACE, place -> 0)) {
            accept("a", sequence, sequence);
            sequence++;
        }
        assertThat(sequence).isEqualTo(CONTEXT - 1 + 8);
        assertThat(due(false)).containsExactly(id("a", 3));
        assertThat(processor.wants(PLACE, place -> 0)).isTrue();
    }

    @Test
    void checkpoint_whileAWindowWaits_isItsLastFrame_andReadsBackItsFirst() throws Exception {
        for (long sequence = 0; sequence < CONTEXT + 2; sequence++) {
            accept("a", sequence, 10 + sequence);
        }
        assertThat(processor.checkpoint(PLACE, 16)).isEqualTo(new Checkpoint(15, "12"));
        assertThat(due(true)).hasSize(1);
        assertThat(processor.checkpoint(PLACE, 16)).isEqualTo(new Checkpoint(16, "12"));
        assertThat(processor.resume(PLACE, new Checkpoint(16, "12"))).isEqualTo(12);
        assertThat(processor.resume(PLACE, new Checkpoint(16, "of another program")))
                .isEqualTo(16);
        assertThat(processor.checkpoint(new InputPartition(TopicKind.FRAMES, 4), 7))
                .isEqualTo(new Checkpoint(7, "7"));
    }

    @ParameterizedTest
    @ValueSource(ints = {CONTEXT, 2})
    void successor_afterAnyCheckpoint_makesEachForecastOnce_fromTheSameFrames(int fewest) throws Exception {
        least = fewest;
        var random = new Random(5);
        var made = new ArrayList<String>();
        var left = new Checkpoint(0, "");
        long next = 0;
        while (next < 200) {
            processor = processor(Policy.ALL, 3);
            long from = processor.resume(PLACE, left);
            long offset = from;
            long end = Math.min(200, next + 1 + random.nextInt(20));
            for (; offset < end; offset++) {
                accept(
                        Frames.of(offset % 2 == 0 ? "a" : "b", Frames.EPOCH, offset / 2, SHAPE),
                        offset,
                        offset < left.next());
                if (random.nextInt(4) == 0) {
                    made.addAll(dueWithLengths());
                }
            }
            left = processor.checkpoint(PLACE, Math.max(offset, next));
            next = left.next();
            if (end == 200) {
                while (!processor.isIdle()) {
                    made.addAll(dueWithLengths());
                }
                next = 200;
            }
        }
        var expected = new TreeSet<String>();
        for (long sequence = fewest - 1L; sequence < 100; sequence++) {
            String length = " from " + Math.min(CONTEXT, sequence + 1);
            expected.add(id("a", sequence) + length);
            expected.add(id("b", sequence) + length);
        }
        assertThat(made).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void frameOfAnotherShape_isRefusedInWords_andChangesNothing() throws Exception {
        var large = Frames.of("a", Frames.EPOCH, 0, new FrameShape(4, 4, 3));
        assertThatThrownBy(() -> accept(large, 0, false))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessage("its shape is 4x4x3, the model takes 2x2x3 only");
        assertThat(processor.isIdle()).isTrue();
    }

    @Test
    void madeUpCameras_areForgotten_andTheRealOneGoesOn() throws Exception {
        long offset = 0;
        for (long sequence = 0; sequence < CONTEXT; sequence++) {
            accept("real", sequence, offset++);
            for (int other = 0; other < 200; other++) {
                accept("other" + sequence + "x" + other, 0, offset++);
            }
        }
        assertThat(due(true)).containsExactly(id("real", 3));
        Checkpoint done = processor.checkpoint(PLACE, offset);
        assertThat(offset - Long.parseLong(done.metadata()))
                .as("frames to read back")
                .isLessThanOrEqualTo(804);
    }

    @Test
    void forgottenPartition_isGone_theOthersAreNot() throws Exception {
        for (long sequence = 0; sequence < CONTEXT; sequence++) {
            accept("a", sequence, sequence);
            processor.accept(new Input<>(
                    new InputPartition(TopicKind.FRAMES, 4),
                    sequence,
                    Frames.of("b", Frames.EPOCH, sequence, SHAPE),
                    "",
                    timeOfDay,
                    false));
        }
        processor.forget(3);

        assertThat(due(true)).containsExactly(id("b", 3));
    }
}
