package io.framecast.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.framecast.frame.FrameShape;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFolderTest {
    private static final FrameShape SHAPE = new FrameShape(16, 16, 3);

    @TempDir
    Path models;

    private Path folder;

    @BeforeEach
    void writeModel() {
        folder = models.resolve("small");
        write(folder, Map.of("filters", List.of(4, 8), "hidden", 8));
    }

    @Test
    void write_thenLoad_givesTheSameWeightsInHalfPrecision() {
        try (var torch = Torch.open();
                var manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            FramePredictor loaded = ModelFolder.find(models, "small").load(torch, manager);
            Path again = models.resolve("again");
            ModelFolder.write(again, ModelFolder.find(models, "small").description(), loaded);
            FramePredictor twice = ModelFolder.find(models, "again").load(torch, manager);
            for (int i = 0; i < loaded.getParameters().size(); i++) {
                assertThat(twice.getParameters().valueAt(i).getArray().toFloatArray())
                        .isEqualTo(loaded.getParameters().valueAt(i).getArray().toFloatArray());
            }
        }
    }

    /** Those of a fresh flow-mixture do, and every forecast would keep what it computes on the way. */
    @Test
    void load_weights_askForNoGradient() {
        try (var torch = Torch.open();
                var manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            var description = ModelDescription.builder("mixture", "flow-mixture", 10, SHAPE)
                    .date("2026-01-01")
                    .summary("fresh")
                    .build();
            FramePredictor fresh = ModelFolder.build(description, torch, manager);
            assertThat(asking(fresh)).isPositive();
            ModelFolder.write(models.resolve("mixture"), description, fresh);

            FramePredictor loaded = ModelFolder.find(models, "mixture").load(torch, manager);

            assertThat(asking(loaded)).isZero();
        }
    }

    private static long asking(FramePredictor network) {
        return network.getParameters().values().stream()
                .filter(weight -> weight.getArray().hasGradient())
                .count();
    }

    @Test
    void all_listsByName() {
        assertThat(ModelFolder.all(models))
                .extracting(model -> model.description().name())
                .containsExactly("small");
        assertThat(ModelFolder.all(models.resolve("missing"))).isEmpty();
    }

    @Test
    void find_unknownName_listsWhatThereIs() {
        assertThatThrownBy(() -> ModelFolder.find(models, "nothing"))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("model 'nothing' is unknown: there are [small]");
    }

    @Test
    void find_escapingName_isNotTakenFromTheModels() {
        assertThatThrownBy(() -> ModelFolder.find(models.resolve("small"), "../../etc"))
                .isInstanceOf(ModelException.class);
    }

    @Test
    void find_damagedDescription_saysWhere() throws IOException {
        Files.writeString(folder.resolve("model.yaml"), "name: [");
        assertThatThrownBy(() -> ModelFolder.find(models, "small"))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("model.yaml is damaged");
    }

    @Test
    void load_truncatedWeights_isOneFailure() throws IOException {
        byte[] whole = Files.readAllBytes(folder.resolve("weights.npz"));
        Files.write(folder.resolve("weights.npz"), Arrays.copyOf(whole, whole.length / 2));
        assertDamaged("weights.npz are damaged");
    }

    @Test
    void load_missingWeights_isOneFailure() throws IOException {
        Files.delete(folder.resolve("weights.npz"));
        assertDamaged("weights.npz are damaged");
    }

    @Test
    void load_weightsOfAnotherShape_namesTheArray() throws IOException {
        Path other = models.resolve("other");
        write(other, Map.of("filters", List.of(4, 8), "hidden", 4));
        Files.copy(other.resolve("weights.npz"), folder.resolve("weights.npz"), StandardCopyOption.REPLACE_EXISTING);
        assertDamaged("array '");
    }

    @Test
    void load_zipBomb_isRefusedBeforeItIsUnpacked() throws IOException {
        try (OutputStream out = Files.newOutputStream(folder.resolve("weights.npz"));
                var zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("peepInput.npy"));
            var zeros = new byte[1 << 20];
            for (int i = 0; i < 64; i++) {
                zip.write(zeros);
            }
            zip.closeEntry();
        }
        assertDamaged("array '");
    }

    @Test
    void build_unknownHyperParameter_listsTheKnown() {
        assertThatThrownBy(() -> write(models.resolve("odd"), Map.of("layers", 3)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("hyper-parameter [layers] is unknown");
    }

    private void assertDamaged(String message) {
        try (var torch = Torch.open();
                var manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            ModelFolder model = ModelFolder.find(models, "small");
            assertThatThrownBy(() -> model.load(torch, manager))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining(message);
        }
    }

    private static void write(Path folder, Map<String, Object> hyper) {
        var description = ModelDescription.builder(folder.getFileName().toString(), "deconv-lstm", 5, SHAPE)
                .date("2026-01-01")
                .hyperParameters(hyper)
                .build();
        try (var torch = Torch.open();
                var manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            ModelFolder.write(folder, description, ModelFolder.build(description, torch, manager));
        }
    }
}
