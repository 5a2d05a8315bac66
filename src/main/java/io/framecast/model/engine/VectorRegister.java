package io.framecast.model.engine;

import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * The processor's vector registers, as far as the engine's convolutions (oneDNN) use them. With PyTorch 2.7.1 they give
 * wrong numbers, from memory that nobody has written, where channels do not fill a register, and with AVX-512 on an AMD
 * EPYC 9005 wrong gradients even where they do ({@code ConvolutionTest} shows both). So the networks' own layers fill
 * channels up; what does not is tried before it is used ({@code RolloutTrial}); and on AMD's processors only processes
 * that never train use AVX-512.
 */
public final class VectorRegister {
    private static final String MOST = "ONEDNN_MAX_CPU_ISA";
    private static final String TRAINS = "framecast.engine.trains";
    private static final int AVX2_FLOATS = 8;
    private static final int AVX512_FLOATS = 16;
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    private static int floats = AVX2_FLOATS;

    private VectorRegister() {}

    /**
     * Says that this process computes no gradients; before the engine is loaded. Who sets the property says otherwise.
     */
    public static void onlyForecast() {
        System.getProperties().putIfAbsent(TRAINS, "false");
    }

    /** How many floats a register holds of those that the loaded engine uses: 8 or 16. */
    public static synchronized int floats() {
        return floats;
    }

    /**
     * Decides which registers the engine uses; before it is loaded. The library reads the variable in the process's own
     * environment when it is first used; who sets it decides.
     */
    static synchronized void choose() {
        floats = floats(System.getenv(), PROCESSORS, !"false".equals(System.getProperty(TRAINS)));
        if (floats == AVX2_FLOATS && !System.getenv().containsKey(MOST)) {
            try {
                NativeLibrary.getProcess().getFunction("setenv").invokeInt(new Object[] {MOST, "AVX2", 0});
            } catch (UnsatisfiedLinkError e) { // no such function, as on Windows
                LoggerFactory.getLogger(VectorRegister.class).warn("set {}=AVX2 before starting", MOST, e);
            }
        }
    }

    /**
     * How many floats a register holds of those to use.
     *
     * @param environment may forbid the larger ones, or ask for them
     * @param processors what Linux tells of them; where it is missing they are taken to be the smaller ones
     * @param trains whether gradients may be computed
     */
    static int floats(Map<String, String> environment, Path processors, boolean trains) {
        if (!isFlagged(processors, "flags", "avx512f")) {
            return AVX2_FLOATS;
        }
        String most = environment.get(MOST);
        boolean forbidden = most == null
                ? trains && isFlagged(processors, "vendor_id", "AuthenticAMD")
                : most.startsWith("AVX2") || most.startsWith("SSE") || most.equals("AVX");
        return forbidden ? AVX2_FLOATS : AVX512_FLOATS;
    }

    private static boolean isFlagged(Path processors, String key, String value) {
        try (Stream<String> lines = Files.lines(processors)) {
            return lines.filter(line -> line.startsWith(key))
                    .flatMap(line -> Arrays.stream(line.split("\\s+")))
                    .anyMatch(value::equals);
        } catch (IOException e) { // another system than Linux
            return false;
        }
    }
}
