package io.framecast.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders as pip, PyTorch's archives and DJL leave them; the libraries themselves are empty here. */
class LibtorchTest {
    private static final JniLibrary JNI =
            new JniLibrary("2.7.1", "0.35.1", List.of(new Flavor("cpu"), new Flavor("cu126"), new Flavor("cu128")));

    @TempDir
    Path folder;

    @Test
    void in_pipsTorch_readsVersionAndCuda() throws IOException {
        Path torch = pip("2.7.1+cu126", "'12.6'", "None");

        var expected = new Libtorch(torch.resolve("lib"), Optional.of("2.7.1"), new Flavor("cu126"));
        assertThat(Libtorch.in(torch)).isEqualTo(expected);
        assertThat(Libtorch.in(torch.resolve("lib"))).isEqualTo(expected);
        assertThat(Libtorch.in(folder.resolve("site-packages"))).isEqualTo(expected);
    }

    @Test
    void in_pipsTorchOfThePackageIndex_hasCudaWithoutSayingSoInItsVersion() throws IOException {
        assertThat(Libtorch.in(pip("2.7.1", "'12.6'", "None")).flavor()).isEqualTo(new Flavor("cu126"));
        assertThat(Libtorch.in(pip("2.7.1", "None", "None")).flavor()).isEqualTo(Flavor.CPU);
        assertThat(Libtorch.in(pip("2.7.1a0+gite2d141d", "None", "None")).version())
                .hasValue("2.7.1");
    }

    @Test
    void in_torchForAmd_isRefusedByName() throws IOException {
        Libtorch amd = Libtorch.in(pip("2.7.1+rocm6.3", "None", "'6.3.42131'"));

        assertThatThrownBy(() -> JNI.flavorFor(amd))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining(amd.directory() + "' is made for rocm63")
                .hasMessageContaining("can use only cpu, cu126, cu128");
    }

    @Test
    void in_archive_readsItsBuildVersion() throws IOException {
        library(folder.resolve("libtorch/lib"), "torch", "torch_cuda");
        Files.writeString(folder.resolve("libtorch/build-version"), "2.7.1+cu128\n");

        assertThat(Libtorch.in(folder.resolve("libtorch")))
                .isEqualTo(new Libtorch(folder.resolve("libtorch/lib"), Optional.of("2.7.1"), new Flavor("cu128")));
    }

    @Test
    void in_bareLibraries_tellsCudaByItsRuntime() throws IOException {
        library(folder.resolve("cpu"), "torch");
        library(folder.resolve("cuda"), "torch", "torch_cuda");
        Files.createFile(folder.resolve("cuda/libcudart-8774224f.so.12"));

        assertThat(Libtorch.in(folder.resolve("cpu")))
                .isEqualTo(new Libtorch(folder.resolve("cpu"), Optional.empty(), Flavor.CPU));
        Libtorch cuda = Libtorch.in(folder.resolve("cuda"));
        Files.writeString(
                folder.resolve("cuda").resolve(System.mapLibraryName("torch_cpu")), "ELF\0\0002.7.12\0002.7.1\0");
        assertThat(cuda.flavor().cudaMajor()).isEqualTo(12);
        assertThat(JNI.flavorFor(cuda)).isEqualTo(new Flavor("cu128"));
    }

    @Test
    void flavorFor_bareLibrariesOfAnotherVersion_areRefused() throws IOException {
        library(folder.resolve("bare"), "torch");
        Files.writeString(
                folder.resolve("bare").resolve(System.mapLibraryName("torch_cpu")), "ELF\0002.5.1\0002.7.12\000");

        assertThatThrownBy(() -> JNI.flavorFor(Libtorch.in(folder.resolve("bare"))))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("is another version, and this build needs 2.7.1");
    }

    @Test
    void in_oldAbi_isTold() throws IOException {
        Path torch = pip("2.5.1+cpu", "None", "None");
        Files.writeString(torch.resolve("lib/libc10.so"), "\u007fELF _ZN3c105ErrorC1ENS_14SourceLocationESs");
        assertThat(Libtorch.in(torch).flavor()).isEqualTo(new Flavor("cpu-precxx11"));

        Files.writeString(
                torch.resolve("lib/libc10.so"),
                "\u007fELF _ZN3c105ErrorC1ENS_14SourceLocationENSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE");
        assertThat(Libtorch.in(torch).flavor()).isEqualTo(Flavor.CPU);
    }

    @Test
    void in_folderWithout_saysWhatToName() {
        assertThatThrownBy(() -> Libtorch.in(folder))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("there is no " + System.mapLibraryName("torch") + " in '" + folder + "'")
                .hasMessageContaining("torch.__path__[0]");
    }

    @Test
    void flavorFor_otherVersion_namesTheOneThatIsNeeded() throws IOException {
        Libtorch newer = Libtorch.in(pip("2.13.0+cpu", "None", "None"));

        assertThatThrownBy(() -> JNI.flavorFor(newer))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("is version 2.13.0, and this build needs 2.7.1: install that");
    }

    @Test
    void flavorFor_otherCuda_takesTheNewestOfItsMajorVersion() {
        assertThat(JNI.flavorFor(of("cu126"))).isEqualTo(new Flavor("cu126"));
        assertThat(JNI.flavorFor(of("cu129"))).isEqualTo(new Flavor("cu128"));
        for (String unknown : List.of("cu118", "cu130", "cu128-precxx11", "cpu-precxx11", "xpu")) {
            assertThatThrownBy(() -> JNI.flavorFor(of(unknown))).hasMessageContaining("made for " + unknown);
        }
    }

    private Libtorch of(String flavor) {
        return new Libtorch(folder, Optional.of("2.7.1"), new Flavor(flavor));
    }

    private Path pip(String version, String cuda, String hip) throws IOException {
        Path torch = folder.resolve("site-packages/torch");
        library(torch.resolve("lib"), "torch");
        Files.writeString(torch.resolve("version.py"), """
                from typing import Optional

                __all__ = ['__version__', 'debug', 'cuda', 'git_version', 'hip', 'xpu']
                __version__ = '%s'
                debug = False
                cuda: Optional[str] = %s
                git_version = 'e2d141dbde55c2a4370fac5165b0561b6af4798b'
                hip: Optional[str] = %s
                xpu: Optional[str] = None
                """.formatted(version, cuda, hip));
        return torch;
    }

    private static void library(Path directory, String... names) throws IOException {
        Files.createDirectories(directory);
        for (String name : names) {
            Files.writeString(directory.resolve(System.mapLibraryName(name)), "");
        }
    }
}
