package io.framecast.model.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The processor's vector registers, as far as the engine's convolutions (oneDNN) use them. With PyTorch 2.7.1 they give
 * wrong numbers and wrong gradients, from memory that nobody has written, where channels do not fill a register
 * ({@code ConvolutionTest} shows it with AVX-512 on an AMD EPYC 9005); where they do, they are right.
 */
public final class VectorRegister {
    private static final int AVX2_FLOATS = 8;
    private static final int AVX512_FLOATS = 16;
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    private VectorRegister() {}

    /** How many floats one holds: 8 or 16. */
    public static int floats() {
        return floats(System.getenv(), PROCESSORS);
    }

    /**
     * How many floats one holds.
     *
     * @param environment {@code ONEDNN_MAX_CPU_ISA}, which the engine obeys, may forbid the larger ones
     * @param processors what Linux tells of them; where it is missing they are taken to be the larger ones
     */
    static int floats(Map<String, String> environment, Path processors) {
        String most = environment.getOrDefault("ONEDNN_MAX_CPU_ISA", "");
        boolean forbidden = most.startsWith("AVX2") || most.startsWith("SSE") || most.equals("AVX");
        return forbidden || !mayHaveAvx512(processors) ? AVX2_FLOATS : AVX512_FLOATS;
    }

    private static boolean mayHaveAvx512(Path processors) {
        try (Stream<String> lines = Files.lines(processors)) {
            return lines.filter(line -> line.startsWith("flags"))
                    .flatMap(line -> Arrays.stream(line.split("\\s+")))
                    .anyMatch("avx512f"::equals);
        } catch (IOException e) { // another system than Linux
            return System.getProperty("os.arch").equals("amd64");
        }
    }
}
