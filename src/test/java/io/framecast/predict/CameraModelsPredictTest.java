package io.framecast.predict;

import static org.assertj.core.api.Assertions.assertThat;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.Forecaster;
import io.framecast.forecast.LatencyStamps;
import io.framecast.forecast.ModelVersion;
import io.framecast.forecast.Window;
import io.framecast.frame.CameraId;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Frames;
import io.framecast.topic.TopicKind;
import io.framecast.worker.Checkpoint;
import io.framecast.worker.Input;
import io.framecast.worker.InputPartition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A predictor whose cameras have different models, without Kafka. */
class CameraModelsPredictTest {
    private static final FrameShape SHAPE = new FrameShape(2, 2, 3);
    private static final InputPartition PLACE = new InputPartition(TopicKind.FRAMES, 3);
    private static final int CONTEXT = 4;

    private final Map<String, Model> there = Map.of(
            "usual", new Model("usual", CONTEXT),
            "other", new Model("other", CONTEXT),
            "long", new Model("long", 7),
            "short", new Model("short", 1));
    private final List<String> told = new ArrayList<>();
    private final List<String> dropped = new ArrayList<>();
    private final List<List<String>> calls = new ArrayList<>();
    private final CameraModels cameraModels = new CameraModels(new Models(), Runnable::run, () -> 0);
    private final PredictProcessor processor = new PredictProcessor(
            new RunningModel(model("usual")),
            cameraModels,
            new BatchConfig(Policy.ALL, 16, Duration.ofMillis(20)),
            1,
            new Counts(),
            () -> 0);
    private long offset;

    private Model model(String name) {
        return Optional.ofNullable(there.get(name)).orElseThrow(() -> new IllegalArgumentException("there is none"));
    }

    private final class Model implements Forecaster {
        private final String name;
        private final int contextLength;
        private boolean isBroken;

        private Model(String name, int contextLength) {
            this.name = name;
            this.contextLength = contextLength;
        }

        @Override
        public ModelVersion model() {
            return new ModelVersion(name, "1");
        }

        @Override
        public int contextLength() {
            return contextLength;
        }

        @Override
        public List<Forecast> forecast(List<Window> windows) {
            if (isBroken) {
                throw new IllegalStateException("out of memory");
            }
            calls.add(windows.stream()
                    .map(window -> name + " " + window.camera() + window.length())
                    .toList());
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

    private final class Models implements CameraModels.Shelf {
        @Override
        public Forecaster load(String name) {
            return model(name);
        }

        @Override
        public boolean isUsual(String name) {
            return name.equals("usual");
        }

        @Override
        public void refused(String name, CameraId camera, String why) {
            told.add(name + " of " + camera + ": " + why);
        }
    }

    private final class Counts implements PredictListener {
        @Override
        public void forecast(Forecast forecast, LatencyStamps stamps) {}

        @Override
        public void dropped(CameraId camera, String cause) {
            dropped.add(camera + " " + cause);
        }
    }

    private void name(String camera, String model) {
        cameraModels.name(new CameraId(camera), model);
        processor.reconfigure();
    }

    private void accept(String camera, long sequence) throws Exception {
        accept(camera, Frames.EPOCH, sequence, false);
    }

    private void accept(String camera, long epoch, long sequence, boolean readBack) throws Exception {
        processor.accept(
                new Input<>(PLACE, offset++, Frames.of(camera, epoch, sequence, SHAPE), "", Instant.EPOCH, readBack));
    }

    /** What is forecast now: model, camera and the number of the last frame. */
    private List<String> forecasts() {
        var made = new ArrayList<String>();
        while (!processor.isIdle()) {
            for (Forecasted one : processor.due(true)) {
                Forecast forecast = one.forecast();
                made.add(forecast.model().name() + " " + forecast.origin().camera()
                        + forecast.origin().sequence());
            }
        }
        return made;
    }

    private List<String> forecastsOf(String camera, long from, long to) throws Exception {
        var made = new ArrayList<String>();
        for (long sequence = from; sequence < to; sequence++) {
            processor.reconfigure();
            accept(camera, sequence);
            made.addAll(forecasts());
        }
        return made;
    }

    @Test
    void cameras_ofDifferentModels_areForecastInBatchesOfEach() throws Exception {
        name("a", "other");
        name("c", "other");
        name("d", "usual");
        for (String camera : List.of("a", "b", "c", "d")) {
            accept(camera, 0); // loads it
        }
        processor.reconfigure();
        for (long sequence = 1; sequence < CONTEXT; sequence++) {
            for (String camera : List.of("a", "b", "c", "d")) {
                accept(camera, sequence);
            }
        }

        assertThat(forecasts()).containsExactly("other a3", "other c3", "usual b3", "usual d3");
        assertThat(calls).containsExactly(List.of("other a4", "other c4"), List.of("usual b4", "usual d4"));
    }

    @Test
    void modelOfALongerContext_chosenInTheMiddle_takesOverWhenItsWindowIsFull() throws Exception {
        assertThat(forecastsOf("a", 0, 6)).containsExactly("usual a3", "usual a4", "usual a5");
        name("a", "long");
        assertThat(forecastsOf("a", 6, 12))
                .as("each once: it holds four when frame 6 comes, seven with frame 9")
                .containsExactly("usual a6", "usual a7", "usual a8", "long a9", "long a10", "long a11");
        name("a", "short");
        assertThat(forecastsOf("a", 12, 15)).containsExactly("usual a12", "short a13", "short a14");
        name("a", "");
        assertThat(forecastsOf("a", 15, 17)).containsExactly("usual a15", "usual a16");
        assertThat(calls).contains(List.of("long a7"), List.of("short a1"), List.of("usual a4"));
        assertThat(dropped).isEmpty();
    }

    @Test
    void newEpoch_isForecastByTheUsualModel_untilItsWindowIsFullForItsOwn() throws Exception {
        name("a", "long");
        accept("a", 0);
        processor.reconfigure();
        for (long sequence = 0; sequence < 9; sequence++) {
            accept("a", Frames.EPOCH + 1, sequence, false);
        }
        assertThat(forecasts()).containsExactly("usual a3", "usual a4", "usual a5", "long a6", "long a7", "long a8");
    }

    @Test
    void successor_thatReadsBack_hasTheWindowsOfALongerContext() throws Exception {
        name("a", "long");
        accept("a", 0);
        processor.reconfigure();
        for (long sequence = 1; sequence < 9; sequence++) {
            accept("a", sequence);
        }
        assertThat(forecasts()).endsWith("long a6", "long a7", "long a8").hasSize(6);
        Checkpoint left = processor.checkpoint(PLACE, offset);
        assertThat(left.next()).isEqualTo(9);
        processor.forget(3);
        offset = processor.resume(PLACE, left);
        assertThat(offset).isEqualTo(2);
        for (long sequence = offset; sequence < 9; sequence++) {
            accept("a", Frames.EPOCH, sequence, true);
        }
        assertThat(forecastsOf("a", 9, 11)).containsExactly("long a9", "long a10");
    }

    @Test
    void nameChanged_whileWindowsWait_leavesOneForecastOfEach() throws Exception {
        name("a", "other");
        accept("a", 0);
        processor.reconfigure();
        for (long sequence = 1; sequence < 5; sequence++) {
            accept("a", sequence);
        }
        name("a", "long");
        accept("a", 5);
        processor.reconfigure();
        assertThat(forecasts()).containsExactly("usual a3", "usual a4", "usual a5");
        name("a", "short");
        accept("a", 6);
        name("a", "");
        assertThat(forecasts()).containsExactly("usual a6");
        assertThat(dropped).isEmpty();
    }

    @Test
    void unknownModel_leavesItsCameraToTheUsualOne_andOthersAlone() throws Exception {
        name("a", "nowhere");
        name("b", "other");
        for (long sequence = 0; sequence < 5; sequence++) {
            accept("a", sequence);
            accept("b", sequence);
            processor.reconfigure();
        }
        assertThat(forecasts()).containsExactly("usual a3", "usual a4", "other b3", "other b4");
        assertThat(told).containsExactly("nowhere of a: there is none");
    }

    @Test
    void modelThatFails_leavesItsWindowsToTheUsualOne_andOthersAlone() throws Exception {
        name("a", "other");
        forecastsOf("a", 0, 3);
        model("other").isBroken = true;
        accept("b", 0);
        accept("a", 3);
        assertThat(forecasts()).containsExactly("usual a3");
        assertThat(forecastsOf("a", 4, 6)).containsExactly("usual a4", "usual a5");
        assertThat(told).containsExactly("other of a: out of memory");
        assertThat(forecastsOf("b", 1, 4)).containsExactly("usual b3");
    }

    @Test
    void shortModelThatFails_dropsWhatIsTooShortForTheUsualOne_counted() throws Exception {
        name("a", "short");
        accept("a", 0);
        processor.reconfigure();
        assertThat(forecastsOf("a", 1, 2)).containsExactly("short a1");
        model("short").isBroken = true;
        assertThat(forecastsOf("a", 2, 5)).containsExactly("usual a3", "usual a4");
        assertThat(dropped).containsExactly("a window-skipped");
    }
}
