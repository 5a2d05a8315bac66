package io.framecast.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import io.framecast.forecast.Forecaster;
import io.framecast.forecast.Window;
import io.framecast.frame.CameraId;
import io.framecast.frame.Frame;
import io.framecast.model.ClosedLoopForecaster;
import io.framecast.model.ModelFolder;
import io.framecast.score.HorizonScores;
import io.framecast.source.FrameSources;
import io.framecast.source.Pace;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What the default model promises of any camera, on scenes it was never trained on. */
class ShippedModelIT {
    private static final int HORIZON = 32;
    private static final double SHARP_DB = 35;

    private final ModelFolder folder = ModelFolder.find(Path.of("models"), "flow-mixture");

    private static List<Frame> frames(String scene, int count) {
        return FrameSources.open(
                        SourceSpec.parse("camera=test:" + scene),
                        SourceConfig.defaults().withPace(Pace.MAX))
                .frames()
                .take(count)
                .collectList()
                .blockOptional()
                .orElse(Collections.emptyList());
    }

    @Test
    void forecast_ofAStreet_isBetterThanTheLastFrame_andItsBackgroundStaysSharp() {
        List<Frame> frames = frames("street", 240);
        Map<String, Forecaster> forecasters = new LinkedHashMap<>(Evaluation.baselines());
        var scores = new ArrayList<ClipScores>();
        try (var model = ClosedLoopForecaster.load(folder, Device.cpu())) {
            forecasters.put("model", model);
            new Evaluation(
                            new EvaluationConfig(10, HORIZON, 10),
                            forecasters,
                            (clip, window, truth, forecasts) -> {},
                            warning -> {
                                throw new AssertionError(warning);
                            })
                    .run(List.of(new Frames(frames)), scores::add);
        }
        HorizonScores model = scores.get(0).of("model");
        double[] persistence = scores.get(0).of("persistence").mse();
        for (int step = 0; step < HORIZON; step++) {
            assertThat(model.mse()[step]).as("step %d", step + 1).isLessThan(persistence[step]);
        }
        assertThat(model.stillPsnrOfAllSteps()).isGreaterThan(SHARP_DB);
    }

    @Test
    void forecast_ofAStillCamera_isItsPicture_toTheByte() {
        List<Frame> frames = frames("still", 10);
        try (var model = ClosedLoopForecaster.load(folder, Device.cpu())) {
            var window = new Window(new CameraId("camera"), frames);
            assertThat(model.forecast(List.of(window)).get(0).frames())
                    .hasSize(HORIZON)
                    .containsOnly(frames.get(9).pixels());
        }
    }

    private record Frames(List<Frame> frames) implements Recording {
        @Override
        public String name() {
            return "scene";
        }

        @Override
        public void read(Consumer<Frame> reader) {
            frames.forEach(reader);
        }
    }
}
