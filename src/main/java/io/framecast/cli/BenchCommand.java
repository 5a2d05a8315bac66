package io.framecast.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code framecast bench}: rates beside the limits of the machine. */
@Command(name = "bench", description = "Measure a stage beside the limit of this machine.")
final class BenchCommand implements Callable<Integer> {
    @Mixin
    SharedOptions shared = new SharedOptions();

    @Override
    public Integer call() {
        throw new IllegalArgumentException("say what to measure: capture or pipeline");
    }
}
