package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.framecast.train.Recipe;
import io.framecast.train.TrainingConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
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
            assertThat(stage.schedule().steps()).isEqualTo(7);
            assertThat(stage.network().from()).isEmpty();
        });
    }

    @Test
    void stages_keepWhatTheyDoNotChange_andStartFromTheOneBefore() throws IOException {
        List<TrainingConfig> stages = stages("""
                schedule: {steps: 7}
                network: {hyper-parameters: {filters: [3, 4]}}
                augmentation: {enlarged: 2}
                ---
                schedule: {steps: 2}
                augmentation: {moving-camera: 0.25}
                ---
                augmentation.pasted: 0.5
                """);
        assertThat(stages).extracting(stage -> stage.schedule().steps()).containsExactly(7, 2, 2);
        assertThat(stages)
                .extracting(stage -> stage.augmentation().movingCamera())
                .containsExactly(0.0, 0.25, 0.25);
        assertThat(stages).extracting(stage -> stage.augmentation().pasted()).containsExactly(0.0, 0.0, 0.5);
        assertThat(stages).extracting(stage -> stage.network().from()).containsExactly("", "stage-1", "stage-2");
        assertThat(stages)
                .extracting(stage -> stage.network().hyperParameters())
                .containsOnly(Map.of("filters", List.of(3, 4)));
    }

    @Test
    void stages_obeyTheCommandLine_allOfThem() throws IOException {
        assertThat(stages("steps: 7\n---\nsteps: 2\n", "--steps", "3", "--hyper-parameter", "filters=[5]"))
                .hasSize(2)
                .allSatisfy(stage -> {
                    assertThat(stage.schedule().steps()).isEqualTo(3);
                    assertThat(stage.network().hyperParameters()).isEqualTo(Map.of("filters", List.of(5)));
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "network.architecture: unet",
                "network.hyper-parameters: {filters: [4]}",
                "network.hyper-parameters.filters: [4]",
                "augmentation.enlarged: 3",
                "network.from: flow-mixture"
            })
    void stages_ofAnotherNetwork_areRefused(String change) {
        String setting = change.substring(0, change.indexOf(':'));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> stages("steps: 7\n---\n" + change))
                .withMessageContainingAll(
                        "recipe.yaml' changes " + setting + " in stage 2", "set it in the first document");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "steps: 7\n---\n", "---\n---\nsteps: 7\n", "steps: 7\n---\n[1, 2]\n", "seven"})
    void stages_withADocumentThatHoldsNone_areRefused(String recipe) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> stages(recipe))
                .withMessageContainingAll("recipe.yaml' is malformed", "'schedule: {steps: 5000}'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"steps: 7\n---\nsteps: [\n", "steps: 7\n---\nnosuch: 1\n", "steps: 7\n---\npasted: 2\n"})
    void stages_malformed_areRefused_alsoTheLast(String recipe) {
        assertThatIllegalArgumentException().isThrownBy(() -> stages(recipe));
    }

    private List<TrainingConfig> named(String... more) {
        var line = new ArrayList<>(List.of("train", "data", "--name", "a", "--out", "b"));
        line.addAll(List.of(more));
        var command = Parsed.command(TrainCommand.class, Map.of(), line.toArray(String[]::new));
        return command.training.stages(command.models);
    }

    @Test
    void stages_withoutARecipe_areTheDefaults() {
        assertThat(named()).containsExactly(TrainingConfig.of(Map.of()));
        assertThat(named("--recipe", "teacher-forced"))
                .isEqualTo(named("--recipe", "page"))
                .containsExactly(TrainingConfig.of(Map.of("recipe", "teacher-forced")));
    }

    /** Every setting of every recipe; what is new there is tested without a change here. */
    static Stream<Arguments> settings() {
        return Recipe.names().stream()
                .flatMap(recipe -> TrainingConfig.of(Map.of("recipe", recipe)).settings().entrySet().stream()
                        .map(setting -> Arguments.of(recipe, setting.getKey(), setting.getValue())));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void set_ofEveryKey_changesThatSetting(String recipe, String key, Object usual) {
        String other = other(key, usual);
        // Only larger recordings have room for a moving camera.
        List<String> room =
                key.equals("augmentation.moving-camera") ? List.of("--set", "augmentation.enlarged=2") : List.of();
        var before = named(with(room, "--recipe", recipe)).get(0).settings();
        var after = named(with(room, "--recipe", recipe, "--set", key + "=" + other))
                .get(0)
                .settings();

        assertThat(after.keySet()).isEqualTo(before.keySet());
        Set<String> changed = after.keySet().stream()
                .filter(name -> !Objects.equals(after.get(name), before.get(name)))
                .collect(Collectors.toSet());
        assertThat(changed).contains(key);
        // Hyper-parameters belong to one architecture, and a model to start from brings its own.
        changed.remove("network.hyper-parameters");
        changed.remove(key.equals("network.from") ? "network.architecture" : "");
        changed.remove(key);
        assertThat(changed).as("changed by %s alone", key).isEmpty();
    }

    private static String[] with(List<String> first, String... more) {
        return Stream.concat(first.stream(), Stream.of(more)).toArray(String[]::new);
    }

    private static String other(String key, Object usual) {
        if (key.equals("network.from")) {
            return "flow-mixture";
        }
        if (usual instanceof Integer || usual instanceof Long) {
            long number = ((Number) usual).longValue();
            return String.valueOf(number < 2 ? number + 1 : number - 1);
        }
        if (usual instanceof Double number) {
            return number == 0 || (number == 1 && key.endsWith("share"))
                    ? "0.5"
                    : String.valueOf(number == 1 ? 2 : number / 2);
        }
        return switch (String.valueOf(usual)) {
            case "[]" -> "[door-*]";
            case "cosine" -> "constant";
            case "constant" -> "cosine";
            case "closed-loop" -> "teacher-forced";
            case "teacher-forced" -> "closed-loop";
            case "deconv-lstm" -> "unet";
            default -> "{hidden: 9}";
        };
    }

    @Test
    void set_hasPriorityOverOptionsAndFile_inEveryStage() throws IOException {
        assertThat(stages(
                        "schedule: {steps: 7}\n---\nschedule: {steps: 2}\n",
                        "--steps",
                        "3",
                        "--set",
                        "schedule.steps=4",
                        "--set",
                        "schedule.learning-rate=1e-2"))
                .hasSize(2)
                .allSatisfy(stage -> {
                    assertThat(stage.schedule().steps()).isEqualTo(4);
                    assertThat(stage.schedule().learningRate()).isEqualTo(0.01);
                });
    }

    @Test
    void set_ofOneHyperParameter_keepsTheOthers() throws IOException {
        String[] set = {"--set", "network.hyper-parameters.hidden=9", "--hyper-parameter", "cells=2"};
        assertThat(named(set[0], set[1]).get(0).network().hyperParameters())
                .isEqualTo(Map.of("output", "change", "hidden", 9));
        assertThat(stages("network.hyper-parameters: {hidden: 3, cells: 4, output: change}", set)
                        .get(0)
                        .network()
                        .hyperParameters())
                .isEqualTo(Map.of("output", "change", "hidden", 9, "cells", 2));
        assertThat(stages("network.hyper-parameters.cells: 4", set)
                        .get(0)
                        .network()
                        .hyperParameters())
                .isEqualTo(Map.of("hidden", 9, "cells", 2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "schedule.stps=3          | setting 'schedule.stps' is unknown: did you mean schedule.steps? The keys are",
                "schedule.steps=many      | setting schedule.steps 'many' is malformed: it must be a whole number",
                "schedule.steps=0         | schedule.steps 0 is out of range: 1 or more",
                "schedule.steps=          | --set schedule.steps= is malformed: use a number",
                "schedule.steps           | --set 'schedule.steps' is malformed: use KEY=VALUE, as in schedule.steps=5000",
                "=3                       | --set '=3' is malformed: use KEY=VALUE",
                "schedule.steps=~         | schedule.steps has no value: it must be a whole number",
                "sampling.one-camera=[    | --set sampling.one-camera=[ is malformed: use a number"
            })
    void set_malformed_isRefusedInOneLine(String typed, String expected) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> named("--set", typed))
                .withMessageContaining(expected)
                .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1));
    }

    @Test
    void defaults_ofTheConfigFile_canSetThemToo() throws IOException {
        Path config = folder.resolve("framecast.yaml");
        Files.writeString(config, "set:\n  schedule.steps: 5\n  seed: 9\n");
        TrainingConfig stage = named("--config", config.toString()).get(0);
        assertThat(stage.schedule().steps()).isEqualTo(5);
        assertThat(stage.seed()).isEqualTo(9);
    }

    @Test
    void main_withASettingThatIsNone_exitsWithUsage() {
        String[] line = {
            "train",
            folder.toString(),
            "--name",
            "a",
            "--out",
            folder.resolve("b").toString()
        };
        for (String[] wrong : List.<String[]>of(
                new String[] {"--set", "schedule.stps=3"},
                new String[] {"--set", "schedule.steps=many"},
                new String[] {"--set", "schedule.steps"},
                new String[] {"--recipe", "cake"},
                new String[] {"--recipe", folder.toString()})) {
            assertThat(Main.execute(with(List.of(line), wrong), Map.of()))
                    .as(String.join(" ", wrong))
                    .isEqualTo(ExitCodes.USAGE);
        }
    }
}
