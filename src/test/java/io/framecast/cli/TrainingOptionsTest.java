package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.framecast.train.TrainingConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingOptionsTest {
    @TempDir
    Path folder;

    private List<TrainingConfig> stages(String recipe, String... more) throws IOException {
        Path file = folder.resolve("recipe.yaml");
        Files.writeString(file, recipe);
        var line = new ArrayList<>(List.of("train", "data", "--name", "a", "--out", "b", "--recipe", file.toString()));
        line.addAll(List.of(more));
        var command = Parsed.command(TrainCommand.class, Map.of(), line.toArray(String[]::new));
        return command.training.stages(command.models);
    }

    @Test
    void stages_ofOneDocument_areOne_withFreshWeights() throws IOException {
        assertThat(stages("steps: 7")).singleElement().satisfies(stage -> {
            assertThat(stage.steps()).isEqualTo(7);
            assertThat(stage.from()).isEmpty();
        });
    }

    @Test
    void stages_keepWhatTheyDoNotChange_andStartFromTheOneBefore() throws IOException {
        List<TrainingConfig> stages = stages("""
                steps: 7
                enlarged: 2
                hyperParameters: {filters: [3, 4]}
                ---
                steps: 2
                movingCamera: 0.25
                ---
                pasted: 0.5
                """);
        assertThat(stages).extracting(TrainingConfig::steps).containsExactly(7, 2, 2);
        assertThat(stages).extracting(TrainingConfig::movingCamera).containsExactly(0.0, 0.25, 0.25);
        assertThat(stages).extracting(TrainingConfig::pasted).containsExactly(0.0, 0.0, 0.5);
        assertThat(stages).extracting(TrainingConfig::from).containsExactly("", "stage-1", "stage-2");
        assertThat(stages).extracting(TrainingConfig::hyperParameters).containsOnly(Map.of("filters", List.of(3, 4)));
    }

    @Test
    void stages_obeyTheCommandLine_allOfThem() throws IOException {
        assertThat(stages("steps: 7\n---\nsteps: 2\n", "--steps", "3", "--hyper-parameter", "filters=[5]"))
                .hasSize(2)
                .allSatisfy(stage -> {
                    assertThat(stage.steps()).isEqualTo(3);
                    assertThat(stage.hyperParameters()).isEqualTo(Map.of("filters", List.of(5)));
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "architecture: unet",
                "hyperParameters: {filters: [4]}",
                "contextLength: 3",
                "enlarged: 3",
                "from: flow-mixture"
            })
    void stages_ofAnotherNetwork_areRefused(String change) {
        String setting = change.substring(0, change.indexOf(':'));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> stages("steps: 7\n---\n" + change))
                .withMessageContainingAll("recipe.yaml' changes " + setting + " in stage 2", "let the first document");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "steps: 7\n---\n", "---\n---\nsteps: 7\n", "steps: 7\n---\n[1, 2]\n", "seven"})
    void stages_withADocumentThatHoldsNone_areRefused(String recipe) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> stages(recipe))
                .withMessageContainingAll("recipe.yaml' is malformed", "'steps: 5000'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"steps: 7\n---\nsteps: [\n", "steps: 7\n---\nnosuch: 1\n", "steps: 7\n---\npasted: 2\n"})
    void stages_malformed_areRefused_alsoTheLast(String recipe) {
        assertThatIllegalArgumentException().isThrownBy(() -> stages(recipe));
    }
}
