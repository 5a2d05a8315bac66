package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.framecast.source.RtspServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passwords and a token are planted wherever one can be given, and looked for wherever something comes out. */
class SecretsIT {
    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final String PASSWORD = "p@ss:w/ord";
    private static final String TOKEN = "t0ken:s3cret/x";

    /** Every form in which they could come out. */
    private static final List<String> PLANTED = List.of(
            "ss:w",
            "w/ord",
            "p%40ss",
            "w%2Ford",
            base64("admin:" + PASSWORD),
            base64(PASSWORD),
            TOKEN,
            "s3cret",
            base64(TOKEN));

    @TempDir
    Path folder;

    @Test
    void secrets_planted_comeOutNowhere() throws Exception {
        int nobody = RtspServer.freePort();
        List<String> arguments = List.of(
                "run",
                "front=rtsp://admin:" + PASSWORD + "@127.0.0.1:" + nobody + "/live",
                "yard=http://admin:" + PASSWORD + "@127.0.0.1:" + nobody + "/live?password=" + PASSWORD,
                "gate=rtsp://admin:" + PASSWORD + "@nosuch.invalid/live",
                "test:shapes",
                "-v",
                "--token",
                TOKEN,
                "--model",
                "persistence",
                "--data-dir",
                "data",
                "--kafka-port",
                "0",
                "--port",
                "0",
                "--summary",
                "summary.json");
        var answers = new ArrayList<String>();
        try (var process = FramecastProcess.start(folder, arguments.toArray(String[]::new))) {
            String page = process.line("preview +(http://\\S+)", DEADLINE).group(1);
            await().atMost(DEADLINE)
                    .until(() -> get(page, "cameras/shapes/forecast.json", true).statusCode() == 200);
            await().atMost(DEADLINE)
                    .until(() -> get(page, "cameras", true).body().split("reconnecting").length > 3);
            for (String path : List.of("", "cameras", "metrics", "health/ready", "nothing", "cameras/front/live.png")) {
                answers.add(whole(get(page, path, true)));
                answers.add(whole(get(page, path, false)));
                answers.add(whole(get(page, path + "?token=wrong", false)));
            }
            assertThat(answers).anyMatch(answer -> answer.contains("rtsp://***@127.0.0.1:" + nobody));
            assertThat(answers).anyMatch(answer -> answer.startsWith("401"));
            process.interrupt();
            assertThat(process.exitCode(DEADLINE)).as(process::toString).isZero();
            clean("an HTTP answer", answers);
            clean("the output", process.output());
            clean("the log", process.errors());
        }
        clean("the summary", List.of(Files.readString(folder.resolve("summary.json"))));
        var topics = List.of(
                "framecast.frames.v1", "framecast.forecasts.v1", "framecast.cameras.v1", "framecast.dead-letter.v1");
        TopicRecords.in(folder.resolve("data"), topics)
                .forEach((topic, records) -> clean(
                        "topic " + topic,
                        records.stream()
                                .map(record -> record.key()
                                        + record.headers()
                                        + new String(record.value(), StandardCharsets.ISO_8859_1))
                                .toList()));
        cleanFiles(folder.resolve("data"));
    }

    private static void clean(String where, List<String> texts) {
        for (String text : texts) {
            assertThat(PLANTED.stream().filter(text::contains).toList())
                    .as(
                            "secrets in %s: %s",
                            where,
                            text.lines()
                                    .filter(line -> PLANTED.stream().anyMatch(line::contains))
                                    .toList())
                    .isEmpty();
        }
    }

    private static void cleanFiles(Path directory) throws Exception {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                clean("file " + file, List.of(Files.readString(file, StandardCharsets.ISO_8859_1)));
            }
        }
    }

    private static HttpResponse<String> get(String page, String path, boolean allowed) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(page + path)).timeout(DEADLINE);
        if (allowed) {
            request.header("Authorization", "Bearer " + TOKEN);
        }
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString(StandardCharsets.ISO_8859_1));
    }

    private static String whole(HttpResponse<String> answer) {
        return answer.statusCode() + "\n" + answer.headers().map() + "\n" + answer.body();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
