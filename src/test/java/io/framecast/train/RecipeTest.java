package io.framecast.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RecipeTest {
    private static final Path RESOURCES = Path.of("src/main/resources/train/recipes");

    @TempDir
    Path folder;

    static List<String> names() {
        return Recipe.names();
    }

    @Test
    void names_areTheResources() throws IOException {
        try (Stream<Path> files = Files.list(RESOURCES)) {
            assertThat(files.map(file -> String.valueOf(file.getFileName()).replace(".yaml", "")))
                    .containsExactlyInAnyOrderElementsOf(Recipe.names());
        }
        assertThat(Recipe.names()).contains(Recipe.DEFAULT);
    }

    @ParameterizedTest
    @MethodSource("names")
    void values_haveEveryKey_inTheOrderOfTheRecords(String name) {
        assertThat(Recipe.values(name).keySet()).containsExactlyElementsOf(TrainingKeys.all());
    }

    @ParameterizedTest
    @MethodSource("names")
    void resource_hasAReasonBeforeEverySetting(String name) throws IOException {
        List<String> lines = Files.readAllLines(RESOURCES.resolve(name + ".yaml"));
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#") && !line.endsWith(":")) {
                assertThat(lines.get(i - 1).strip()
                                + lines.get(Math.max(0, i - 2)).strip())
                        .as("the reason of '%s', line %d", line, i + 1)
                        .contains("# ");
            }
        }
    }

    @Test
    void stages_ofAFileOfEverySetting_giveThemAgain() throws IOException {
        TrainingConfig config = TrainingConfig.of(Map.of(
                "recipe", "teacher-forced", "schedule", Map.of("steps", 7, "averaging", 0.25), "seed", 1L << 40));
        Path file = folder.resolve("written.yaml");
        new YAMLMapper().writeValue(file.toFile(), config.settings());

        List<Map<String, Object>> stages = Recipe.stages(file.toString());

        assertThat(stages).hasSize(1);
        assertThat(TrainingConfig.of(stages.get(0))).isEqualTo(config);
    }

    @Test
    void stages_ofTheResourceAsAFile_areTheRecipe() {
        for (String name : Recipe.names()) {
            String file = RESOURCES.resolve(name + ".yaml").toString();
            assertThat(TrainingConfig.of(Recipe.stages(file).get(0)))
                    .isEqualTo(TrainingConfig.of(Recipe.stages(name).get(0)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "convlstm, convlstm, 800, 1",
        "deconv-lstm, deconv-lstm, 3000, 1",
        "flow-lstm, flow-lstm, 360, 3",
        "flow-mixture, flow-mixture, 5000, 2",
        "unet-digits, unet, 15000, 1",
        "unet-shapes, unet, 8000, 1"
    })
    void stages_ofTheShippedModels_canBeRead(String model, String architecture, int steps, int count) {
        List<Map<String, Object>> stages = Recipe.stages("models/" + model + "/recipe.yaml");
        assertThat(stages).hasSize(count);
        TrainingConfig first = TrainingConfig.of(stages.get(0));
        assertThat(first.network().architecture()).isEqualTo(architecture);
        assertThat(first.schedule().steps()).isEqualTo(steps);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "seed: [                          | is malformed:",
                "seed: 1\\nseed: 2                | is malformed: Duplicate field 'seed', line 2",
                "seed: 1\\nschedule:\\n  stps: 3  | is malformed: setting 'schedule.stps' is unknown: did you mean schedule.steps",
                "schedule:\\n  steps:             | is malformed: setting schedule.steps has no value",
                "seven                            | is malformed: a document in it has no settings"
            })
    void stages_ofAMalformedFile_areRefusedInOneLine(String text, String expected) throws IOException {
        Path file = folder.resolve("mine.yaml");
        Files.writeString(file, text.replace("\\n", "\n"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recipe.stages(file.toString()))
                .withMessageContainingAll("recipe '" + file + "'", expected)
                .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1));
    }

    @Test
    void stages_ofWhatIsNeitherNameNorFile_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recipe.stages("teacher-force"))
                .withMessageContaining(
                        "recipe 'teacher-force' is unknown: did you mean teacher-forced? Use closed-loop or"
                                + " teacher-forced, or the path of a YAML file; there is no file /");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recipe.stages(folder.resolve("none.yaml").toString()))
                .withMessageContainingAll("none.yaml' is unknown: use closed-loop", "there is no file");
    }

    @Test
    void stages_ofAFolder_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recipe.stages(folder.toString()))
                .withMessageContainingAll(
                        "recipe '" + folder + "' cannot be read (it is a folder)", "give a readable YAML file, or");
    }
}
