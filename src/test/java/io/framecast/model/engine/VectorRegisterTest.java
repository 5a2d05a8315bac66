package io.framecast.model.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VectorRegisterTest {
    private static final String AVX512 = "fpu avx2 avx512f avx512_bf16";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "AuthenticAMD, false, '', 16",
        "AuthenticAMD, true, '', 8",
        "AuthenticAMD, true, DEFAULT, 16",
        "AuthenticAMD, false, AVX2, 8",
        "GenuineIntel, false, '', 16",
        "GenuineIntel, true, '', 16",
        "GenuineIntel, true, AVX512_CORE, 16",
        "GenuineIntel, true, AVX2, 8",
        "GenuineIntel, false, SSE41, 8",
    })
    void floats_withAvx512_followProcessorPurposeAndEnvironment(String vendor, boolean trains, String most, int floats)
            throws IOException {
        Path processors = processors("vendor_id : " + vendor, "flags : " + AVX512);
        Map<String, String> environment = most.isEmpty() ? Map.of() : Map.of("ONEDNN_MAX_CPU_ISA", most);

        assertThat(VectorRegister.floats(environment, processors, trains)).isEqualTo(floats);
    }

    @ParameterizedTest
    @CsvSource({"flags : fpu avx avx2", "Features : fp asimd", "model name : avx512f"})
    void floats_withoutIt_areEight(String line) throws IOException {
        assertThat(VectorRegister.floats(Map.of(), processors("vendor_id : GenuineIntel", line), false))
                .isEqualTo(8);
    }

    @Test
    void floats_onAnotherSystem_areEight() {
        assertThat(VectorRegister.floats(Map.of(), folder.resolve("missing"), false))
                .isEqualTo(8);
    }

    private Path processors(String... lines) throws IOException {
        return Files.writeString(folder.resolve("cpuinfo"), "processor : 0\n" + String.join("\n", lines) + "\n");
    }
}
