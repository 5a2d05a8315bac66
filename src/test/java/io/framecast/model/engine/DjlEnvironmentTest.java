package io.framecast.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DjlEnvironmentTest {
    @TempDir
    Path folder;

    @Test
    void libtorch_ofNeither_isNone() {
        assertThat(new DjlEnvironment(Map.of()).libtorch(Optional.empty())).isEmpty();
        assertThat(path(" ").libtorch(Optional.empty())).as("set, and empty").isEmpty();
        assertThat(path("").namesLibtorch()).isFalse();
    }

    @Test
    void libtorch_ofAList_isTheFirstThatHasOne() throws IOException {
        Path lib = library();
        assertThat(path("/nosuch" + File.pathSeparator + lib).libtorch(Optional.empty()))
                .hasValueSatisfying(found -> assertThat(found.directory()).isEqualTo(lib));
    }

    @Test
    void libtorch_whereNoneIs_orNamedTwice_isRefused() throws IOException {
        Path lib = library();
        assertThatThrownBy(() -> path(folder.toString()).libtorch(Optional.empty()))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("PYTORCH_LIBRARY_PATH names '" + folder + "'")
                .hasMessageContaining("--libtorch");
        assertThatThrownBy(() -> path(lib.toString()).libtorch(Optional.of(lib)))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("leave one of them out");
    }

    @Test
    void otherVersionOrFlavor_isRefusedByName() {
        var environment = new DjlEnvironment(Map.of("PYTORCH_VERSION", "2.5.1", "PYTORCH_FLAVOR", "cu124"));

        assertThatThrownBy(() -> environment.requireVersion("2.7.1"))
                .isInstanceOf(EngineException.class)
                .hasMessage("the environment's PYTORCH_VERSION asks for PyTorch 2.5.1, where 2.7.1 is to be loaded:"
                        + " unset PYTORCH_VERSION");
        assertThatThrownBy(() -> environment.requireFlavor(Flavor.CPU)).hasMessageContaining("unset PYTORCH_FLAVOR");
    }

    @Test
    void sameVersionAndFlavor_orNone_isNot() {
        assertThatNoException().isThrownBy(() -> {
            new DjlEnvironment(Map.of("PYTORCH_VERSION", "2.7.1")).requireVersion("2.7.1");
            new DjlEnvironment(Map.of("PYTORCH_FLAVOR", "cpu")).requireFlavor(Flavor.CPU);
            new DjlEnvironment(Map.of("PYTORCH_VERSION", "")).requireVersion("2.7.1");
            new DjlEnvironment(Map.of()).requireFlavor(Flavor.CPU);
        });
    }

    private static DjlEnvironment path(String value) {
        return new DjlEnvironment(Map.of("PYTORCH_LIBRARY_PATH", value));
    }

    private Path library() throws IOException {
        Path lib = Files.createDirectories(folder.resolve("torch/lib"));
        Files.writeString(lib.resolve(System.mapLibraryName("torch")), "");
        return lib;
    }
}
