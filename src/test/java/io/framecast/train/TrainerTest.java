package io.framecast.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.framecast.data.Clip;
import io.framecast.data.MovingBar;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.model.ModelDescription;
import io.framecast.model.ModelFolder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
    private static final FrameShape SHAPE = new FrameShape(16, 16, 3);
    private static final int STEPS = 4;

    @TempDir
    Path folder;

    @Test
    void closedLoop_onAMovingBar_learns() {
        try (var trainer = trainer(config("closed-loop"))) {
            double first = step(trainer);
            double last = first;
            for (int i = 0; i < 60; i++) {
                last = step(trainer);
            }
            assertThat(first)
                    .as("a fresh change-drawing network is persistence")
                    .isBetween(0.8, 1.1);
            assertThat(last).isLessThan(0.8 * first);
        }
    }

    @Test
    void loss_ofAWindowThatEndsEarly_isThatOfTheStepsItHas() {
        List<Pixels> bar = movingBar().stretches().get(0);
        List<Pixels> early = bar.subList(0, 4 + 2);

        double loss;
        float[] forecast;
        try (var trainer = trainer(config("closed-loop"))) {
            step(trainer);
            loss = trainer.loss(List.of(early));
            try (NDManager scratch = trainer.newScratch()) {
                forecast =
                        trainer.forecast(scratch, List.of(bar.subList(0, 4)), 2).toFloatArray();
            }
        }

        float[] last = values(bar.get(3));
        double first = meanSquare(last, 0, values(bar.get(4)));
        double second = meanSquare(last, 0, values(bar.get(5)));
        double mean = (first + 3 * second) / 4; // its last frame stands for those that are missing
        double expected = meanSquare(forecast, 0, values(bar.get(4))) / ((first + mean) / 2 + 1.2e-4)
                + meanSquare(forecast, last.length, values(bar.get(5))) / ((second + mean) / 2 + 1.2e-4);
        assertThat(loss).isCloseTo(expected / 2, within(1e-4));
    }

    @Test
    void loss_countsPixelsThatStay_asOftenAsTheRecipeSays() {
        ModelFolder model = written(config("closed-loop"));
        double expected = errorWhereNothingMoves(model);
        assertThat(expected)
                .as("one step of learning has made it draw something there")
                .isGreaterThan(1e-4);

        assertThat(lossOfAWholeWindow(model, 3) - lossOfAWholeWindow(model, 1))
                .isCloseTo(2 * expected, within(1e-5 + expected / 1000));
    }

    private static double lossOfAWholeWindow(ModelFolder model, double stillWeight) {
        try (var trainer = started(model, stillWeight)) {
            return trainer.loss(List.of(movingBar().stretches().get(0).subList(0, 4 + STEPS)));
        }
    }

    private static Trainer started(ModelFolder model, double stillWeight) {
        var settings = new HashMap<String, Object>(config("closed-loop").settings());
        settings.put("objective.still-weight", stillWeight);
        var trainer = trainer(TrainingConfig.of(settings));
        trainer.startFrom(model);
        return trainer;
    }

    /** Its part of the loss, by the definition: over persistence's error, the mean over steps. */
    private static double errorWhereNothingMoves(ModelFolder model) {
        List<Pixels> bar = movingBar().stretches().get(0);
        float[] last = values(bar.get(3));
        float[] forecast;
        try (var trainer = started(model, 1);
                NDManager scratch = trainer.newScratch()) {
            forecast =
                    trainer.forecast(scratch, List.of(bar.subList(0, 4)), STEPS).toFloatArray();
        }
        double mean = 0;
        for (int step = 0; step < STEPS; step++) {
            mean += meanSquare(last, 0, values(bar.get(4 + step))) / STEPS;
        }
        double sum = 0;
        for (int step = 0; step < STEPS; step++) {
            float[] truth = values(bar.get(4 + step));
            double still = 0;
            for (int i = 0; i < truth.length; i++) {
                if (stays(bar, i % SHAPE.width())) {
                    still += Math.pow(forecast[step * truth.length + i] - truth[i], 2) / truth.length;
                }
            }
            sum += still / ((meanSquare(last, 0, truth) + mean) / 2 + 1.2e-4);
        }
        return sum / STEPS;
    }

    /** Whether a column is at all steps what it was in the last real frame. */
    private static boolean stays(List<Pixels> bar, int column) {
        int at = column * SHAPE.channels();
        return bar.subList(4, 4 + STEPS).stream()
                .allMatch(frame -> frame.at(at) == bar.get(3).at(at));
    }

    /** (C, H, W), as networks see it. */
    private static float[] values(Pixels picture) {
        var values = new float[picture.size()];
        int places = values.length / 3;
        for (int i = 0; i < values.length; i++) {
            values[i % 3 * places + i / 3] = picture.at(i) / 127.5f - 1;
        }
        return values;
    }

    private static double meanSquare(float[] some, int from, float[] others) {
        double sum = 0;
        for (int i = 0; i < others.length; i++) {
            sum += Math.pow(some[from + i] - others[i], 2);
        }
        return sum / others.length;
    }

    @Test
    void teacherForced_onAMovingBar_learns() {
        try (var trainer = trainer(config("teacher-forced"))) {
            double first = step(trainer);
            double last = first;
            for (int i = 0; i < 30; i++) {
                last = step(trainer);
            }
            assertThat(last).isLessThan(0.9 * first);
        }
    }

    @Test
    void resume_fromACheckpoint_endsWithTheSameWeightsAsWithoutAPause() {
        var config = config("closed-loop");
        float[] uninterrupted;
        try (var trainer = trainer(config)) {
            for (int i = 0; i < 6; i++) {
                step(trainer);
                if (i == 2) {
                    trainer.save(folder.resolve("checkpoint.npz"), Map.of());
                }
            }
            uninterrupted = forecast(trainer);
        }
        try (var trainer = trainer(config)) {
            trainer.resume(folder.resolve("checkpoint.npz"));
            for (int i = 3; i < 6; i++) {
                step(trainer);
            }
            assertThat(forecast(trainer)).isEqualTo(uninterrupted);
        }
    }

    @Test
    void swapAverages_twice_changesNothing() {
        try (var trainer = trainer(config("closed-loop"))) {
            step(trainer);
            step(trainer);
            float[] newest = forecast(trainer);
            trainer.swapAverages();
            assertThat(forecast(trainer)).isNotEqualTo(newest);
            trainer.swapAverages();
            assertThat(forecast(trainer)).isEqualTo(newest);
        }
    }

    @Test
    void startFrom_ofAModelThatDrawsMore_drawsTheFirstOfThem() {
        ModelFolder model = written(unet(8));
        float[] fresh;
        float[] started;
        try (var trainer = trainer(unet(3))) {
            fresh = forecast(trainer);
            trainer.startFrom(model);
            started = forecast(trainer);
            trainer.swapAverages();
            assertThat(forecast(trainer)).as("the averages start there, too").isEqualTo(started);
        }
        try (var trainer = trainer(unet(8))) {
            trainer.startFrom(model);
            assertThat(forecast(trainer)).isEqualTo(started).isNotEqualTo(fresh);
        }
    }

    @Test
    void startFrom_ofAnotherNetwork_saysWhatDiffers() {
        ModelFolder model = written(unet(2));
        try (var trainer = trainer(unet(3))) {
            assertThatThrownBy(() -> trainer.startFrom(model))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("model 'test' is of another network")
                    .hasMessageContaining("last");
        }
        try (var trainer = trainer(config("closed-loop"))) {
            assertThatThrownBy(() -> trainer.startFrom(model))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("missing");
        }
    }

    private ModelFolder written(TrainingConfig config) {
        Path path = folder.resolve("start");
        try (var trainer = trainer(config)) {
            step(trainer);
            ModelFolder.write(path, description(config), trainer.network());
        }
        return ModelFolder.find(folder, "start");
    }

    private static TrainingConfig unet(int draws) {
        var settings = new HashMap<String, Object>(config("closed-loop").settings());
        settings.put("network.architecture", "unet");
        settings.put("network.hyper-parameters", Map.of("filters", List.of(4, 8), "reads", 4, "draws", draws));
        return TrainingConfig.of(settings);
    }

    private static float[] forecast(Trainer trainer) {
        try (NDManager scratch = trainer.newScratch()) {
            NDArray forecast = trainer.forecast(
                    scratch, List.of(movingBar().stretches().get(0).subList(0, 4)), 3);
            return forecast.toFloatArray();
        }
    }

    private static double step(Trainer trainer) {
        var sampler = new WindowSampler(List.of(movingBar()), SHAPE, trainer.config());
        return trainer.advance(sampler.windows(trainer.step()));
    }

    private static Trainer trainer(TrainingConfig config) {
        return new Trainer(config, description(config), SHAPE, Device.cpu());
    }

    private static ModelDescription description(TrainingConfig config) {
        return ModelDescription.builder("test", config.network().architecture(), 4, SHAPE)
                .date("2026-01-01")
                .hyperParameters(config.network().hyperParameters())
                .build();
    }

    private static TrainingConfig config(String recipe) {
        return TrainingConfig.of(Map.ofEntries(
                Map.entry("recipe", recipe),
                Map.entry(
                        "network.hyper-parameters", Map.of("filters", List.of(8, 8), "hidden", 8, "output", "change")),
                Map.entry("sampling.context-length", 4),
                Map.entry("sampling.horizon", 4),
                Map.entry("sampling.batch", 2),
                Map.entry("schedule.steps", 100),
                Map.entry("schedule.learning-rate", 5e-3),
                Map.entry("schedule.decay", "cosine"),
                Map.entry("schedule.warm-up-steps", 2),
                Map.entry("schedule.clip-norm", 1.0),
                Map.entry("schedule.averaging", 0.9),
                Map.entry("sampling.max-stride", 1),
                Map.entry("seed", 7)));
    }

    private static Clip movingBar() {
        return Clip.of(new MovingBar("bar", SHAPE, 2, 64)).orElseThrow();
    }
}
