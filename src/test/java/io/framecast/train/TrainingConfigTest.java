package io.framecast.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrainingConfigTest {
    @Test
    void of_nothing_isClosedLoop() {
        assertThat(TrainingConfig.of(Map.of())).isEqualTo(TrainingConfig.defaults());
    }

    @Test
    void of_thePage_isWhatThePageSays() {
        TrainingConfig page = TrainingConfig.of(Map.of("recipe", "page"));
        assertThat(page.batch()).isEqualTo(4);
        assertThat(page.horizon()).isEqualTo(32);
        assertThat(page.windowLength())
                .as("32 frames and the one after the last")
                .isEqualTo(33);
        assertThat(page.learningRate()).isEqualTo(1e-3);
        assertThat(page.rate(0)).isEqualTo(page.rate(999)).isEqualTo(1e-3);
        assertThat(page.hyperParameters()).isEqualTo(Map.of("output", "frame"));
        assertThat(page.augmented()).isZero();
    }

    @Test
    void of_anotherArchitecture_hasNoSettingsOfTheUsualOne() {
        assertThat(TrainingConfig.of(Map.of("architecture", "convlstm")).hyperParameters())
                .isEmpty();
    }

    @Test
    void settings_ofAConfig_giveItAgain() {
        TrainingConfig config =
                TrainingConfig.of(Map.of("recipe", "closed_loop", "steps", 77, "hyperParameters", Map.of("hidden", 3)));
        assertThat(TrainingConfig.of(config.settings())).isEqualTo(config);
        assertThat(config.settings()).containsEntry("recipe", "closed-loop").containsEntry("steps", 77);
    }

    @Test
    void of_whatIsMalformed_namesIt() {
        for (Map.Entry<Map<String, Object>, String> wrong : List.<Map.Entry<Map<String, Object>, String>>of(
                Map.entry(Map.of("learningrate", 1), "hyper-parameter 'learningrate' is unknown"),
                Map.entry(Map.of("batch", 0), "batch 0.0 is out of range"),
                Map.entry(
                        Map.of("oneCamera", List.of("door-[")),
                        "oneCamera 'door-[' is malformed: Missing ']; use a pattern as in door-*"),
                Map.entry(
                        Map.of("movingCamera", 0.25),
                        "movingCamera 0.25 has no room at enlarged 1: use 2 or more, so that a part of the picture can"
                                + " move"),
                Map.entry(Map.of("movingCamera", 2), "movingCamera 2.0 is out of range: from 0.0 to 1.0"),
                Map.entry(Map.of("stillWeight", 0.5), "stillWeight 0.5 is out of range: from 1.0 to 1000.0"),
                Map.entry(Map.of("learningRate", -1), "learningRate -1.0 is out of range"),
                Map.entry(Map.of("validationHorizon", 33), "validationHorizon 33.0"),
                Map.entry(Map.of("recipe", "cake"), "recipe 'cake' is unknown: use page or closed-loop"),
                Map.entry(Map.of("schedule", "bus"), "schedule 'bus' is unknown: use constant or cosine"))) {
            assertThatThrownBy(() -> TrainingConfig.of(wrong.getKey()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(wrong.getValue());
        }
    }

    @Test
    void rate_warmsUpAndFallsToAHundredth() {
        TrainingConfig config =
                TrainingConfig.of(Map.of("steps", 110, "warmUpSteps", 10, "learningRate", 1.0, "schedule", "cosine"));
        assertThat(config.rate(0)).isCloseTo(0.1, within(1e-12));
        assertThat(config.rate(9)).isCloseTo(1, within(1e-12));
        assertThat(config.rate(60)).isCloseTo(0.505, within(1e-12));
        assertThat(config.rate(110)).isCloseTo(0.01, within(1e-12));
    }

    @Test
    void realShare_fallsToNothingAtHalfTheSteps() {
        TrainingConfig config = TrainingConfig.of(Map.of("steps", 100, "scheduledSampling", 0.8));
        assertThat(config.realShare(0)).isEqualTo(0.8);
        assertThat(config.realShare(25)).isCloseTo(0.4, within(1e-12));
        assertThat(config.realShare(50)).isZero();
        assertThat(config.realShare(99)).isZero();
    }
}
