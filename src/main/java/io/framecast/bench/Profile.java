package io.framecast.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/** Where Java's threads spend their time, as its flight recorder sees it: the methods at the top of their stacks. */
public final class Profile {
    private static final Duration PERIOD = Duration.ofMillis(10);
    private static final List<String> SAMPLES = List.of("jdk.ExecutionSample", "jdk.NativeMethodSample");

    /** Native methods in which a thread waits: the recorder takes them for busy. */
    private static final List<String> WAITING = List.of(
            "sun.nio.ch.EPoll.wait",
            "sun.nio.ch.Net.accept",
            "java.lang.Object.wait",
            "jdk.internal.misc.Unsafe.park",
            "io.netty.channel.epoll.Native.epollWait",
            "io.netty.channel.epoll.Native.epollWait0");

    private Profile() {}

    /**
     * A method.
     *
     * @param method its class and name
     * @param share of all samples, 0 to 1
     */
    public record Row(String method, double share) {}

    /**
     * Runs work and tells the methods that took most of it.
     *
     * @param most how many
     * @throws UncheckedIOException if the recording cannot be written to {@code folder}
     */
    public static List<Row> of(Runnable work, Path folder, int most) {
        Path file = folder.resolve("profile.jfr");
        try (var recording = new Recording()) {
            SAMPLES.forEach(event -> recording.enable(event).withPeriod(PERIOD));
            recording.start();
            work.run();
            recording.stop();
            recording.dump(file);
            return rows(RecordingFile.readAllEvents(file), most);
        } catch (IOException e) {
            throw new UncheckedIOException("the profile cannot be written to " + folder, e);
        } finally {
            delete(file);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + file, e);
        }
    }

    private static List<Row> rows(List<RecordedEvent> events, int most) {
        var counts = new HashMap<String, Integer>();
        for (RecordedEvent event : events) {
            RecordedStackTrace stack = event.getStackTrace();
            if (stack != null && !stack.getFrames().isEmpty()) {
                counts.merge(name(stack.getFrames().get(0).getMethod()), 1, Integer::sum);
            }
        }
        WAITING.forEach(counts::remove);
        double all = counts.values().stream().mapToInt(Integer::intValue).sum();
        var rows = new ArrayList<Row>();
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(most)
                .forEach(entry -> rows.add(new Row(entry.getKey(), entry.getValue() / all)));
        return rows;
    }

    private static String name(RecordedMethod method) {
        return method.getType().getName() + "." + method.getName();
    }
}
