package io.framecast.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.TopicAdmin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import reactor.core.publisher.Mono;

/** The processes of a soak: a broker with the preview, cameras, and two predictors of one group. */
final class SoakCluster implements AutoCloseable {
    static final int PREDICTORS = 2;

    private static final int STARTS = 5;
    private static final Duration POLL_INTERVAL = Duration.ofMillis(100);
    private static final Duration END = Duration.ofSeconds(30);
    private static final List<String> CAMERAS =
            List.of("a=test:street", "b=test:shapes", "c=test:street", "d=test:shapes");

    private final BiFunction<List<String>, Path, Process> launcher;
    private final Path folder;
    private final int port = freePort();
    private final String forecasting;
    private final List<Process> predictors = new ArrayList<>();
    private Process broker;
    private Process capture;
    private int captures;
    private long sampled;
    private long published;
    private long overflow;
    private long unpublished;
    private int died;
    private int launched;

    /**
     * Starts all of them.
     *
     * @param launcher runs framecast with arguments, as a process of its own, and writes what it says to a file
     * @param folder where they keep what they must
     * @param forecasting further options of the predictors
     */
    SoakCluster(BiFunction<List<String>, Path, Process> launcher, Path folder, String forecasting) {
        this.launcher = launcher;
        this.folder = folder;
        this.forecasting = forecasting;
        broker = launchBroker();
        new TopicAdmin(kafka()).create(Optional.empty());
        capture = launchCapture();
        for (int place = 0; place < PREDICTORS; place++) {
            predictors.add(launchPredictor());
        }
    }

    /** Frames of all captures so far, as they count them themselves. */
    record Counted(long sampled, long published, long overflow, long unpublished) {}

    KafkaConnection kafka() {
        return new KafkaConnection("localhost:" + port, "framecast", Map.of());
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process launch(String arguments, String data, String... more) {
        var all = new ArrayList<>(Arrays.asList(arguments.split(" ")));
        all.addAll(List.of("--data-dir", folder.resolve(data).toString()));
        all.addAll(List.of(more));
        for (int attempt = 1; ; attempt++) {
            Path log = folder.resolve(all.get(0) + "-" + ++launched + ".log");
            Process process = launcher.apply(all, log);
            if (connects(process, log)) {
                return process;
            }
            if (attempt == STARTS) {
                throw new IllegalStateException("a process of the soak did not start, see " + log);
            }
        }
    }

    /** A process whose broker does not answer when it starts ends, and is started again as a supervisor would. */
    private static boolean connects(Process process, Path log) {
        while (!said(log).contains("kafka  ")) {
            if (!process.isAlive()) {
                return false;
            }
            Mono.delay(POLL_INTERVAL).block();
        }
        return true;
    }

    private static String said(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException("the output of a process of the soak cannot be read", e);
        }
    }

    private Process launchBroker() {
        return launch("preview --port 0 --kafka-port " + port, "broker");
    }

    private Process launchCapture() {
        captures++;
        var cameras = new ArrayList<>(CAMERAS);
        cameras.addAll(List.of("--summary", summary().toString()));
        return launch("capture --kafka localhost:" + port, "capture", cameras.toArray(String[]::new));
    }

    private Process launchPredictor() {
        return launch("predict --kafka localhost:" + port + " " + forecasting, "predict");
    }

    private Path summary() {
        return folder.resolve("capture-" + captures + ".json");
    }

    void killPredictor(int which) {
        kill(predictors.get(which));
        predictors.set(which, launchPredictor());
    }

    void endPredictor(int which) {
        end(predictors.get(which));
        predictors.set(which, launchPredictor());
    }

    void freezePredictor(int which, boolean frozen) {
        signal(predictors.get(which), frozen ? "STOP" : "CONT");
    }

    void killBroker() {
        kill(broker);
    }

    void restartBroker() {
        broker = launchBroker();
    }

    void restartCapture() {
        endCapture();
        capture = launchCapture();
    }

    /** Ends the cameras in order, and adds up what they counted. */
    void endCapture() {
        end(capture);
        try {
            JsonNode cameras = new ObjectMapper().readTree(summary().toFile()).path("cameras");
            for (JsonNode camera : cameras) {
                sampled += camera.path("framesSampled").asLong();
                published += camera.path("framesPublished").asLong();
                overflow += camera.path("dropped").path("overflow").asLong();
                unpublished += camera.path("dropped").path("unpublished").asLong();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the cameras left no summary in " + summary(), e);
        }
    }

    /** How many processes had ended by themselves when their turn came. */
    int died() {
        return died;
    }

    Counted counted() {
        return new Counted(sampled, published, overflow, unpublished);
    }

    private static void signal(Process process, String name) {
        try {
            int sent = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                    .start()
                    .waitFor();
            if (sent != 0) {
                throw new IllegalStateException("process " + process.pid() + " of the soak has ended by itself");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void end(Process process) {
        died += process.isAlive() ? 0 : 1;
        process.destroy();
        if (!hasEnded(process)) {
            throw new IllegalStateException("process " + process.pid() + " of the soak did not end on SIGTERM");
        }
    }

    private void kill(Process process) {
        died += process.isAlive() ? 0 : 1;
        process.destroyForcibly();
        hasEnded(process);
    }

    private static boolean hasEnded(Process process) {
        try {
            return process.waitFor(END.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        predictors.forEach(this::kill);
        kill(capture);
        kill(broker);
    }
}
