package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.InvalidProtocolBufferException;
import io.framecast.frame.FrameShape;
import io.framecast.model.ModelDescription;
import io.framecast.model.ModelFolder;
import io.framecast.source.ffmpeg.TestVideos;
import io.framecast.topic.broker.EmbeddedBroker;
import io.framecast.topic.proto.CameraStatus;
import io.framecast.topic.proto.Forecast;
import io.framecast.topic.proto.Frame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code framecast run} from its start to its end, seen from outside. What does not show the embedded broker runs on
 * one that is there already.
 */
class RunIT {
    private static final Duration DEADLINE = Duration.ofMinutes(3);
    private static final String EMBEDDED = "framecast";
    private static final String FRAMES = "framecast.frames.v1";
    private static final String FORECASTS = "framecast.forecasts.v1";
    private static final String SCORES = "framecast.scores.v1";
    private static final int EVERY = 5;

    private static final List<String> TOPICS = List.of(FRAMES, FORECASTS, SCORES, "framecast.cameras.v1");

    @TempDir
    static Path brokerFolder;

    private static EmbeddedBroker broker;

    @TempDir
    Path folder;

    /** What the names of this test's topics begin with. */
    private String prefix = EMBEDDED;

    /** What the embedded broker kept, by topic, once it has been read. */
    private final Map<String, List<ConsumerRecord<String, byte[]>>> kept = new HashMap<>();

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(brokerFolder, 0);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"persistence", ModelsOption.DEFAULT})
    void file_allAtMaxPace_isForecastToTheLastWindow(String model) throws Exception {
        TestVideos.write(folder.resolve("clip.mkv"), 96, 72, 100, 25);
        ran(0, run("clip.mkv", "--pace", "max", "--policy", "all", "--every", "5", "--model", model));

        int sampled = 40; // 4 s at 10 fps
        ModelDescription description = description(model);
        int context = description.leastContext();
        int due = (sampled - context) / EVERY + 1;
        JsonNode camera = summary().get(0);
        assertThat(camera.get("id").asText()).isEqualTo("clip");
        assertThat(camera.get("framesRead").asInt()).isEqualTo(100);
        assertThat(camera.get("framesPublished").asInt()).isEqualTo(sampled);
        assertThat(camera.get("dropped").size()).isZero();
        assertThat(camera.get("forecasts").asInt()).isEqualTo(due);

        assertThat(sequences(records(FRAMES))).containsExactlyElementsOf(upTo(sampled));
        assertThat(records(SCORES)).as("the last ones too").hasSize(due);
        List<Forecast> forecasts = forecasts();
        assertThat(forecasts).hasSize(due);
        assertThat(forecasts).extracting(Forecast::getId).doesNotHaveDuplicates();
        assertThat(forecasts)
                .extracting(Forecast::getSequence)
                .containsExactlyElementsOf(LongStream.range(0, due)
                        .mapToObj(i -> context - 1 + i * EVERY)
                        .toList());
        assertThat(forecasts).allSatisfy(forecast -> {
            assertThat(forecast.getModel()).isEqualTo(model);
            assertThat(forecast.getContextLength())
                    .as("all frames there are, if the model reads as many")
                    .isEqualTo((int) Math.min(description.contextLength(), forecast.getSequence() + 1));
            assertThat(forecast.getFrames().size()).isEqualTo(32 * 64 * 64 * 3);
            assertThat(forecast.getForTimeUsList()).hasSize(32);
        });
    }

    /** The same as a model's, for a baseline. */
    private static ModelDescription description(String model) {
        return model.equals("persistence")
                ? ModelDescription.builder(model, model, 1, FrameShape.STANDARD).build()
                : ModelFolder.find(Path.of("models"), model).description();
    }

    @Test
    void interrupt_whileRunning_drainsAndExitsInOrder() throws Exception {
        List<String> arguments = run("test:street");
        arguments.removeAll(List.of("--preview", "none"));
        try (var process = FramecastProcess.start(folder, arguments.toArray(String[]::new))) {
            String page = process.line("preview +(http://\\S+)", DEADLINE).group(1);
            await().atMost(DEADLINE).until(() -> status(page + "cameras/street/forecast.json") == 200);
            process.interrupt();
            assertThat(process.exitCode(DEADLINE)).as(process::toString).isZero();
            assertThat(process.errors()).isEmpty();
            assertThat(process.output()).anyMatch(line -> line.startsWith("street "));
        }
        JsonNode camera = summary().get(0);
        addsUp(camera);
        List<ConsumerRecord<String, byte[]>> frames = records(FRAMES);
        assertThat(frames).hasSize(camera.get("framesPublished").asInt());
        assertThat(forecasts()).isNotEmpty().hasSize(camera.get("forecasts").asInt());
        assertThat(lastState()).isEqualTo(CameraStatus.State.ENDED);
    }

    @Test
    void interrupt_whileStarting_endsInOrder() {
        List<String> arguments = run("test:street");
        arguments.removeAll(List.of("--preview", "none"));
        try (var process = FramecastProcess.start(folder, arguments.toArray(String[]::new))) {
            process.line("preview +http.*", DEADLINE);
            process.interrupt();
            assertThat(process.exitCode(DEADLINE)).as(process::toString).isZero();
            assertThat(process.errors()).as(process::toString).isEmpty();
        }
    }

    @Test
    void interrupt_thenFailure_isStillTold() {
        List<String> arguments = run("test:street", "--model", "persistence");
        arguments.set(arguments.indexOf("--summary") + 1, "no/s.json");
        try (var process = FramecastProcess.start(folder, arguments.toArray(String[]::new))) {
            process.line("camera +street is live", DEADLINE);
            process.interrupt();
            assertThat(process.exitCode(DEADLINE)).as(process::toString).isEqualTo(1);
            assertThat(process.errors())
                    .containsExactly("framecast: summary 'no/s.json' cannot be written; check --summary");
        }
    }

    @Test
    void duration_over_endsAsIfTheSourceHad() throws Exception {
        Instant start = Instant.now();
        ran(0, shared("test:street", "--duration", "2s", "--model", "persistence"));
        assertThat(Duration.between(start, Instant.now())).isGreaterThan(Duration.ofSeconds(2));
        JsonNode camera = summary().get(0);
        assertThat(camera.get("framesPublished").asInt()).isBetween(8, 21);
        addsUp(camera);
        assertThat(camera.get("forecasts").asInt()).isPositive();
        assertThat(camera.get("latencyMs").get("p50").asLong())
                .isLessThanOrEqualTo(camera.get("latencyMs").get("p99").asLong());
    }

    @Test
    void sources_two_areKeptApartByTheirIds() throws Exception {
        TestVideos.write(folder.resolve("clip.mkv"), 64, 64, 30, 10);
        TestVideos.write(folder.resolve("other.mkv"), 64, 64, 50, 10);
        ran(
                0,
                shared(
                        "left=clip.mkv",
                        "right=other.mkv",
                        "--pace",
                        "max",
                        "--policy",
                        "all",
                        "--model",
                        "persistence"));
        assertThat(ids()).containsExactly("left", "right");
        assertThat(summary().get(0).get("framesPublished").asInt()).isEqualTo(30);
        assertThat(summary().get(1).get("framesPublished").asInt()).isEqualTo(50);
        assertThat(summary().get(0).get("forecasts").asInt()).isEqualTo(6);
        assertThat(summary().get(1).get("forecasts").asInt()).isEqualTo(10);
        assertThat(records(FRAMES))
                .extracting(ConsumerRecord::key)
                .containsOnly("left", "right")
                .hasSize(80);
    }

    @Test
    void sources_oneMissing_losesNothingOfTheOther() throws Exception {
        TestVideos.write(folder.resolve("clip.mkv"), 64, 64, 30, 10);
        List<String> errors = ran(
                1,
                shared(
                        "gone=nosuch.mkv",
                        "here=clip.mkv",
                        "--pace",
                        "max",
                        "--policy",
                        "all",
                        "--model",
                        "persistence"));
        assertThat(errors)
                .containsExactly(
                        "framecast: source " + folder.resolve("nosuch.mkv") + " does not exist: check the path");
        assertThat(ids()).containsExactly("gone", "here");
        assertThat(summary().get(1).get("framesPublished").asInt()).isEqualTo(30);
        assertThat(forecasts())
                .hasSize(6)
                .hasSize(summary().get(1).get("forecasts").asInt());
    }

    @Test
    void secondRun_withAnotherModel_leavesEarlierFramesAlone() throws Exception {
        TestVideos.write(folder.resolve("clip.mkv"), 64, 64, 20, 10);
        ran(0, shared("clip.mkv", "--pace", "max", "--policy", "all", "--model", "persistence"));
        ran(0, shared("clip.mkv", "--pace", "max", "--policy", "all"));
        assertThat(summary().get(0).get("forecasts").asInt()).isEqualTo(3);
        assertThat(forecasts()).hasSize(4 + 3).extracting(Forecast::getId).doesNotHaveDuplicates();
    }

    @Test
    void secondRun_ofTheSameFile_forecastsOnlyWhatIsNew() throws Exception {
        TestVideos.write(folder.resolve("clip.mkv"), 64, 64, 20, 10);
        List<String> arguments = run("clip.mkv", "--pace", "max", "--policy", "all", "--model", "persistence");
        ran(0, arguments);
        ran(0, arguments);
        assertThat(summary().get(0).get("forecasts").asInt()).isEqualTo(4);
        assertThat(forecasts()).hasSize(8).extracting(Forecast::getId).doesNotHaveDuplicates();
    }

    /** Every sampled frame was published, or counts under a cause. */
    private static void addsUp(JsonNode camera) {
        long dropped = Stream.of("overflow", "unpublished")
                .mapToLong(cause -> camera.get("dropped").path(cause).asLong())
                .sum();
        assertThat(camera.get("framesSampled").asLong())
                .as(camera::toString)
                .isPositive()
                .isEqualTo(camera.get("framesPublished").asLong() + dropped);
    }

    /** The command with files of the folder, which are named as they are there. */
    private List<String> run(String... arguments) {
        var all = new ArrayList<>(List.of(
                "run",
                "--data-dir",
                folder.resolve("data").toString(),
                "--kafka-port",
                "0",
                "--port",
                "0",
                "--preview",
                "none",
                "--summary",
                folder.resolve("summary.json").toString()));
        for (String argument : arguments) {
            all.add(argument.replaceFirst("^(\\w+=)?(\\w+\\.mkv)$", "$1" + folder + "/$2"));
        }
        return all;
    }

    /** The command on the broker that is there already, with topics of this test's own. */
    private List<String> shared(String... arguments) {
        if (prefix.equals(EMBEDDED)) {
            prefix = folder.getFileName().toString();
            var create = Invocation.of("topics", "create", "--kafka", broker.bootstrap(), "--topic-prefix", prefix);
            assertThat(create.exitCode()).as(create::toString).isZero();
        }
        List<String> all = run(arguments);
        int port = all.indexOf("--kafka-port");
        all.set(port, "--kafka");
        all.set(port + 1, broker.bootstrap());
        all.addAll(List.of("--topic-prefix", prefix));
        return all;
    }

    private static List<String> ran(int code, List<String> arguments) {
        var run = Invocation.of(arguments.toArray(String[]::new));
        assertThat(run.exitCode()).as(run::toString).isEqualTo(code);
        if (code == 0) {
            assertThat(run.errors()).as(run::toString).isEmpty();
        }
        assertThat(run.output()).as(run::toString).anyMatch(line -> line.startsWith("camera  "));
        return run.errors();
    }

    private JsonNode summary() throws IOException {
        return new ObjectMapper()
                .readTree(folder.resolve("summary.json").toFile())
                .get("cameras");
    }

    private List<String> ids() throws IOException {
        return StreamSupport.stream(summary().spliterator(), false)
                .map(camera -> camera.get("id").asText())
                .toList();
    }

    private List<ConsumerRecord<String, byte[]>> records(String topic) {
        if (!prefix.equals(EMBEDDED)) {
            return TopicRecords.at(broker.bootstrap(), prefix + topic.substring(EMBEDDED.length()));
        }
        if (kept.isEmpty()) {
            kept.putAll(TopicRecords.in(folder.resolve("data"), TOPICS));
        }
        return kept.getOrDefault(topic, List.of());
    }

    private List<Forecast> forecasts() throws InvalidProtocolBufferException {
        var forecasts = new ArrayList<Forecast>();
        for (ConsumerRecord<String, byte[]> record : records(FORECASTS)) {
            forecasts.add(Forecast.parseFrom(record.value()));
        }
        return forecasts;
    }

    private static List<Long> sequences(List<ConsumerRecord<String, byte[]>> frames)
            throws InvalidProtocolBufferException {
        var sequences = new ArrayList<Long>();
        for (ConsumerRecord<String, byte[]> record : frames) {
            sequences.add(Frame.parseFrom(record.value()).getSequence());
        }
        return sequences;
    }

    private static List<Long> upTo(int count) {
        return LongStream.range(0, count).boxed().toList();
    }

    private CameraStatus.State lastState() throws InvalidProtocolBufferException {
        List<ConsumerRecord<String, byte[]>> states = records("framecast.cameras.v1");
        return CameraStatus.parseFrom(states.get(states.size() - 1).value()).getState();
    }

    /** The HTTP status of a page, or 0 if nobody answers. */
    static int status(String url) {
        try {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(url))
                                    .timeout(Duration.ofSeconds(10))
                                    .build(),
                            BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
