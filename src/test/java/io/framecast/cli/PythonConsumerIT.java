package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.framecast.source.ffmpeg.TestVideos;
import io.framecast.topic.broker.EmbeddedBroker;
import io.framecast.topic.proto.Forecast;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's Python program, as it stands there, with Debian's Python packages. */
@Tag("system")
class PythonConsumerIT {
    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final Pattern PROGRAM = Pattern.compile("```python\n(.*?)```", Pattern.DOTALL);

    /** Runs the program, but tells more than it prints: type and digest of the array. */
    private static final String HARNESS = """
            import hashlib, sys

            def tell(*values):
                frames = scope["frames"]
                print(scope["forecast"].id, frames.shape, frames.dtype, hashlib.sha256(frames.tobytes()).hexdigest(),
                      sep="|", flush=True)

            scope = {"print": tell}
            exec(compile(open(sys.argv[1]).read(), "README.md", "exec"), scope)
            """;

    @TempDir
    Path folder;

    @Test
    void readmeProgram_readsForecasts_asArraysOfTheRightBytes() throws Exception {
        forecastAClip();
        try (var broker = EmbeddedBroker.start(folder.resolve("data").resolve("kafka"), 0)) {
            List<String> expected = expected(broker.bootstrap());
            assertThat(expected).hasSize(6);
            Path seen = folder.resolve("seen.txt");
            Process python = python(program(broker.bootstrap()), seen);
            try {
                await().atMost(DEADLINE)
                        .until(() -> Files.readAllLines(seen).size() >= expected.size() || !python.isAlive());
            } finally {
                python.destroyForcibly();
                assertThat(python.waitFor(10, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(Files.readAllLines(seen)).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    private void forecastAClip() {
        TestVideos.write(folder.resolve("clip.mkv"), 64, 64, 30, 10);
        String arguments = "run clip.mkv --pace max --policy all --model persistence --preview none"
                + " --data-dir data --kafka-port 0";
        try (var process = FramecastProcess.start(folder, arguments.split(" "))) {
            assertThat(process.exitCode(DEADLINE)).as(process::toString).isZero();
        }
    }

    private static List<String> expected(String bootstrap) throws Exception {
        var lines = new ArrayList<String>();
        for (ConsumerRecord<String, byte[]> record : TopicRecords.at(bootstrap, "framecast.forecasts.v1")) {
            Forecast forecast = Forecast.parseFrom(record.value());
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(forecast.getFrames().toByteArray());
            lines.add(forecast.getId() + "|(32, 64, 64, 3)|uint8|"
                    + HexFormat.of().formatHex(digest));
        }
        return lines;
    }

    private static String program(String bootstrap) throws IOException {
        var program = PROGRAM.matcher(Files.readString(Path.of("README.md")));
        assertThat(program.find()).as("README.md has a Python program").isTrue();
        String text = program.group(1);
        assertThat(text).contains("localhost:9092");
        return text.replace("localhost:9092", bootstrap);
    }

    private Process python(String program, Path output) throws IOException, InterruptedException {
        Path topics = Path.of("topics").toAbsolutePath();
        Process protoc = new ProcessBuilder(
                        "protoc", "--proto_path=" + topics, "--python_out=" + folder, "framecast.proto")
                .inheritIO()
                .start();
        assertThat(protoc.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(protoc.exitValue()).as("apt-get install protobuf-compiler").isZero();
        Files.writeString(folder.resolve("readme.py"), program, StandardCharsets.UTF_8);
        return new ProcessBuilder("/usr/bin/python3", "-c", HARNESS, "readme.py")
                .directory(folder.toFile())
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
