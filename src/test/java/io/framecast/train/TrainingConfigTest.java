package io.framecast.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingConfigTest {
    @Test
    void of_nothing_isClosedLoop() {
        assertThat(TrainingConfig.of(Map.of()))
                .isEqualTo(new TrainingConfig(
                        new NetworkConfig("deconv-lstm", Map.of("output", "change"), ""),
                        new ScheduleConfig(1000, 1e-3, ScheduleConfig.Decay.COSINE, 50, 1.0, 0.99, 100),
                        new SamplingConfig(4, 10, 256, 20, 32, 4, List.of()),
                        new ObjectiveConfig(ObjectiveConfig.Method.CLOSED_LOOP, 0, 32, 1),
                        new AugmentationConfig(1, 1, 0, 0),
                        new ValidationConfig(100, 32),
                        1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"teacher-forced", "page", "teacher_forced"})
    void of_teacherForced_isWhatTheResearchPageSays(String name) {
        TrainingConfig config = TrainingConfig.of(Map.of("recipe", name));
        assertThat(config)
                .isEqualTo(new TrainingConfig(
                        new NetworkConfig("deconv-lstm", Map.of("output", "frame"), ""),
                        new ScheduleConfig(1000, 1e-3, ScheduleConfig.Decay.CONSTANT, 0, 0, 0, 100),
                        new SamplingConfig(4, 10, 256, 32, 32, 1, List.of()),
                        new ObjectiveConfig(ObjectiveConfig.Method.TEACHER_FORCED, 0, 32, 1),
                        new AugmentationConfig(0, 1, 0, 0),
                        new ValidationConfig(100, 32),
                        1));
        assertThat(config.windowLength())
                .as("32 frames and the one after the last")
                .isEqualTo(33);
        assertThat(config.schedule().rate(0))
                .isEqualTo(config.schedule().rate(999))
                .isEqualTo(1e-3);
    }

    @Test
    void of_anotherArchitecture_hasNoSettingsOfTheUsualOne() {
        assertThat(hyperParameters(Map.of("network.architecture", "convlstm"))).isEmpty();
    }

    @Test
    void of_oneHyperParameter_keepsTheRecipesOthers() {
        assertThat(hyperParameters(Map.of("network.hyper-parameters.hidden", 3)))
                .isEqualTo(Map.of("output", "change", "hidden", 3));
        assertThat(hyperParameters(Map.of("network.hyper-parameters", Map.of("hidden", 3))))
                .isEqualTo(Map.of("hidden", 3));
    }

    private static Map<String, Object> hyperParameters(Map<String, Object> settings) {
        return TrainingConfig.of(settings).network().hyperParameters();
    }

    @Test
    void settings_ofAConfig_giveItAgain() {
        TrainingConfig config = TrainingConfig.of(Map.of(
                "recipe",
                "teacher-forced",
                "schedule",
                Map.of("steps", 77, "learning-rate", "1e-2"),
                "network.hyper-parameters",
                Map.of("hidden", 3)));
        assertThat(config.schedule().learningRate()).isEqualTo(0.01);
        assertThat(TrainingConfig.of(config.settings())).isEqualTo(config);
        assertThat(config.settings())
                .containsEntry("objective.method", "teacher-forced")
                .containsEntry("schedule.steps", 77)
                .hasSameSizeAs(TrainingKeys.all());
    }

    @Test
    void of_theNamesOfTheFirstVersion_meanTheSame() {
        var former = Map.<String, Object>ofEntries(
                Map.entry("recipe", "closed_loop"),
                Map.entry("architecture", "unet"),
                Map.entry("hyperParameters", Map.of("draws", 3)),
                Map.entry("from", "other"),
                Map.entry("steps", 7),
                Map.entry("learningRate", 0.1),
                Map.entry("schedule", "CONSTANT"),
                Map.entry("warmUpSteps", 2),
                Map.entry("clipNorm", 3),
                Map.entry("averaging", 0.5),
                Map.entry("checkpointEvery", 4),
                Map.entry("batch", 5),
                Map.entry("contextLength", 6),
                Map.entry("horizon", 8),
                Map.entry("leastHorizon", 9),
                Map.entry("maxStride", 11),
                Map.entry("oneCamera", List.of("door-*")),
                Map.entry("scheduledSampling", 0.6),
                Map.entry("stepsDrawn", 12),
                Map.entry("stillWeight", 1.5),
                Map.entry("augmented", 0.7),
                Map.entry("enlarged", 2),
                Map.entry("movingCamera", 0.8),
                Map.entry("pasted", 0.9),
                Map.entry("evaluateEvery", 13),
                Map.entry("validationHorizon", 14),
                Map.entry("seed", 15));
        assertThat(TrainingConfig.of(former))
                .isEqualTo(new TrainingConfig(
                        new NetworkConfig("unet", Map.of("draws", 3), "other"),
                        new ScheduleConfig(7, 0.1, ScheduleConfig.Decay.CONSTANT, 2, 3, 0.5, 4),
                        new SamplingConfig(5, 6, 256, 8, 9, 11, List.of("door-*")),
                        new ObjectiveConfig(ObjectiveConfig.Method.CLOSED_LOOP, 0.6, 12, 1.5),
                        new AugmentationConfig(0.7, 2, 0.8, 0.9),
                        new ValidationConfig(13, 14),
                        15));
    }

    @Test
    void components_areFewEnoughToBeTold() {
        assertThat(Stream.concat(
                        Stream.of(TrainingConfig.class),
                        Stream.of(TrainingConfig.class.getRecordComponents())
                                .map(RecordComponent::getType)
                                .filter(Class::isRecord)))
                .hasSize(7)
                .allSatisfy(type -> assertThat(type.getRecordComponents()).hasSizeLessThan(8));
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                Arguments.of(
                        "learning-rate", 1, "setting 'learning-rate' is unknown: did you mean schedule.learning-rate?"),
                Arguments.of(
                        "learningrate", 1, "did you mean schedule.learning-rate? The keys are network.architecture,"),
                Arguments.of("schedule.learning-rat", 1, "did you mean schedule.learning-rate?"),
                Arguments.of("sampling.steps", 1, "did you mean schedule.steps?"),
                Arguments.of("augmentation", Map.of("share", 1, "paste", 1), "did you mean augmentation.pasted?"),
                Arguments.of("xyzzy", 1, "setting 'xyzzy' is unknown: the keys are network.architecture,"),
                Arguments.of(
                        "sampling", 3, "'sampling' is a section: set one of [sampling.batch, sampling.context-length"),
                Arguments.of("sampling.batch", 0, "sampling.batch 0 is out of range: 1 to 4096"),
                Arguments.of("sampling.batch", "few", "sampling.batch 'few' is malformed: it must be a whole number"),
                Arguments.of("sampling.batch", 2.5, "sampling.batch '2.5' is malformed: it must be a whole number"),
                Arguments.of("sampling.batch", List.of(1, 2), "sampling.batch '[1, 2]' is malformed"),
                Arguments.of("seed", true, "setting seed 'true' is malformed: it must be a whole number"),
                Arguments.of("schedule.steps", 0, "schedule.steps 0 is out of range: 1 or more"),
                Arguments.of(
                        "sampling.one-camera",
                        List.of("door-["),
                        "one-camera 'door-[' is malformed: Missing ']; use a pattern as in door-*"),
                Arguments.of(
                        "sampling.one-camera",
                        Map.of("door", 1),
                        "sampling.one-camera '{door=1}' is malformed: it must be a list"),
                Arguments.of("network.hyper-parameters", 3, "hyper-parameters '3' is malformed: it must be a map"),
                Arguments.of(
                        "augmentation.moving-camera",
                        0.25,
                        "augmentation.moving-camera 0.25 has no room at augmentation.enlarged 1: use 2 or more, so that a"
                                + " part of the picture can move"),
                Arguments.of("augmentation.moving-camera", 2, "moving-camera 2 is out of range: 0 to 1"),
                Arguments.of("objective.still-weight", 0.5, "still-weight 0.5 is out of range: 1 to 1000"),
                Arguments.of("schedule.learning-rate", -1, "schedule.learning-rate -1.0 is out of range: more than 0"),
                Arguments.of("schedule.learning-rate", "fast", "'fast' is malformed: it must be a number"),
                Arguments.of("schedule.clip-norm", Double.NaN, "schedule.clip-norm NaN is out of range: 0 or more"),
                Arguments.of("validation.horizon", 33, "validation.horizon 33 is out of range: 1 to 32"),
                Arguments.of("recipe", "cake", "recipe 'cake' is unknown: use closed-loop or teacher-forced"),
                Arguments.of("recipe", "closed-lop", "did you mean closed-loop?"),
                Arguments.of(
                        "schedule.decay",
                        "bus",
                        "schedule.decay 'bus' is malformed: it must be one of constant, cosine"),
                Arguments.of("objective.method", 7, "it must be one of teacher-forced, closed-loop"));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void of_whatIsMalformed_namesItInOneLine(String key, Object value, String expected) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrainingConfig.of(Map.of(key, value)))
                .withMessageContaining(expected)
                .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1));
    }

    @Test
    void of_aSettingTwice_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrainingConfig.of(Map.of("steps", 7, "schedule", Map.of("steps", 8))))
                .withMessageContaining("setting schedule.steps is given twice");
    }

    @Test
    void rate_warmsUpAndFallsToAHundredth() {
        ScheduleConfig schedule = TrainingConfig.of(Map.of(
                        "schedule", Map.of("steps", 110, "warm-up-steps", 10, "learning-rate", 1.0, "decay", "cosine")))
                .schedule();
        assertThat(schedule.rate(0)).isCloseTo(0.1, within(1e-12));
        assertThat(schedule.rate(9)).isCloseTo(1, within(1e-12));
        assertThat(schedule.rate(60)).isCloseTo(0.505, within(1e-12));
        assertThat(schedule.rate(110)).isCloseTo(0.01, within(1e-12));
    }

    @Test
    void realShare_fallsToNothingAtHalfTheSteps() {
        TrainingConfig config = TrainingConfig.of(Map.of("schedule.steps", 100, "objective.scheduled-sampling", 0.8));
        assertThat(config.realShare(0)).isEqualTo(0.8);
        assertThat(config.realShare(25)).isCloseTo(0.4, within(1e-12));
        assertThat(config.realShare(50)).isZero();
        assertThat(config.realShare(99)).isZero();
    }
}
