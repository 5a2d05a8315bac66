package io.framecast.model.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VectorRegisterTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "flags : fpu avx2 avx512f avx512_bf16, '', 16",
        "flags : fpu avx2 avx512f avx512_bf16, DEFAULT, 16",
        "flags : fpu avx2 avx512f avx512_bf16, AVX512_CORE, 16",
        "flags : fpu avx2 avx512f avx512_bf16, AVX2, 8",
        "flags : fpu avx2 avx512f avx512_bf16, SSE41, 8",
        "flags : fpu avx avx2, '', 8",
        "Features : fp asimd, '', 8",
        "model name : avx512f, '', 8"
    })
    void floats_followProcessorAndEnvironment(String line, String most, int floats) throws IOException {
        Path processors = Files.writeString(folder.resolve("cpuinfo"), "processor : 0\n" + line + "\n");
        Map<String, String> environment = most.isEmpty() ? Map.of() : Map.of("ONEDNN_MAX_CPU_ISA", most);

        assertThat(VectorRegister.floats(environment, processors)).isEqualTo(floats);
    }
}
