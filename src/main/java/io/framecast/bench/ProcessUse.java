package io.framecast.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * What this process has used.
 *
 * @param nanos when, by a clock that is not set
 * @param processNanos processor time of all its threads, also of Java's collector and compiler
 * @param modelNanos of that, the time of the threads that compute forecasts
 * @param residentMiB its memory now; empty where the system does not tell
 */
record ProcessUse(long nanos, long processNanos, long modelNanos, OptionalLong residentMiB) {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";
    private static final String MODEL_THREADS = "forecast";

    /** Until now. */
    static ProcessUse now() {
        return new ProcessUse(System.nanoTime(), processTime(), modelTime(), resident());
    }

    /** How many cores all threads were busy on since an earlier moment, on average. */
    double coresSince(ProcessUse earlier) {
        return (double) (processNanos - earlier.processNanos) / (nanos - earlier.nanos);
    }

    /** Of these, how many computed forecasts. */
    double modelCoresSince(ProcessUse earlier) {
        return (double) (modelNanos - earlier.modelNanos) / (nanos - earlier.nanos);
    }

    private static long processTime() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .orElse(Duration.ZERO)
                .toNanos();
    }

    private static long modelTime() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadName().equals(MODEL_THREADS))
                .mapToLong(thread -> Math.max(0, threads.getThreadCpuTime(thread.getThreadId())))
                .sum();
    }

    private static OptionalLong resident() {
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith(RESIDENT))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
                    .findFirst();
        } catch (IOException notLinux) {
            return OptionalLong.empty();
        }
    }
}
