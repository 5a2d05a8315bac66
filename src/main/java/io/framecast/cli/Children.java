package io.framecast.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Framecast started by Framecast: further processes with the same Java, memory, libraries and installation. */
final class Children {
    private static final Pattern MEMORY =
            Pattern.compile("-Xm[sx].*|-XX:(Max|Min|Initial)(RAMPercentage|HeapFreeRatio|HeapSize)=.*|-XX:.Use.*GC");

    private Children() {}

    /** Of the options of a Java process, those that say how it uses memory. */
    static List<String> memory(List<String> options) {
        return options.stream()
                .filter(option -> MEMORY.matcher(option).matches())
                .toList();
    }

    /** Starts one; what it says is written to a file. */
    static Process start(List<String> arguments, Path log) {
        var command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(memory(ManagementFactory.getRuntimeMXBean().getInputArguments()));
        command.addAll(List.of(
                "-XX:TieredStopAtLevel=1",
                "-Dframecast.home=" + System.getProperty("framecast.home", "."),
                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(arguments);
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("no further process can be started here", e);
        }
    }
}
