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
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passwords and a token are planted wherever one can be given, and looked for wherever something comes out. */
class SecretsIT {
    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final String PASSWORD = "p@ss:w/ord";
    private static final String TOKEN = "t0ken:s3cret/x";

    /** Keys of cameras, in addresses, in the environment and in a file. */
    private static final String KEY = "k3y@p1anted:/%x";

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
            "k3y",
            "p1anted",
            base64("admin:" + KEY),
            base64(TOKEN));

    @TempDir
    Path folder;

    @Test
    void secrets_planted_comeOutNowhere() throws Exception {
        int nobody = RtspServer.freePort();
        Path key = Files.writeString(folder.resolve("key"), KEY + "\n");
        Map<String, String> environment = Map.of(
                "DOOR_PASSWORD", KEY, "CELLAR_ADDRESS", "rtsp://admin:" + KEY + "@127.0.0.1:" + nobody + "/cellar");
        List<String> arguments = List.of(
                "run",
                "front=rtsp://admin:" + PASSWORD + "@127.0.0.1:" + nobody + "/live",
                "yard=http://admin:" + PASSWORD + "@127.0.0.1:" + nobody + "/live?password=" + PASSWORD,
                "gate=rtsp://admin:" + PASSWORD + "@nosuch.invalid/live",
                "query=http://127.0.0.1:" + nobody
                        + "/live?channel=1&access_token=k3yp1anted&k3yp1anted==#key=k3yp1anted",
                "path=http://127.0.0.1:" + nobody + "/live;sid=k3yp1anted/user=k3yp1anted&pwd=k3yp1anted",
                "push=rtmp://127.0.0.1:" + nobody + "/live/k3yp1anted",
                "door=rtsp://admin:{env:DOOR_PASSWORD}@127.0.0.1:" + nobody + "/live",
                "hall=http://admin:${file:" + key + "}@127.0.0.1:" + nobody + "/{env:DOOR_PASSWORD}?t={file:" + key
                        + "}",
                "{env:CELLAR_ADDRESS}",
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
        try (var process = FramecastProcess.start(folder, environment, arguments.toArray(String[]::new))) {
            String page = process.line("preview +(http://\\S+)", DEADLINE).group(1);
            await().atMost(DEADLINE)
                    .until(() -> get(page, "cameras/shapes/forecast.json", true).statusCode() == 200);
            await().atMost(DEADLINE)
                    .until(() -> get(page, "cameras", true).body().split("reconnecting").length > 9);
            for (String path : List.of("", "cameras", "metrics", "health/ready", "nothing", "cameras/front/live.png")) {
                answers.add(whole(get(page, path, true)));
                answers.add(whole(get(page, path, false)));
                answers.add(whole(get(page, path + "?token=wrong", false)));
            }
            assertThat(answers).anyMatch(answer -> answer.contains("rtsp://***@127.0.0.1:" + nobody));
            assertThat(answers).anyMatch(answer -> answer.contains("/live?channel=1&access_token=***&***#key=***"));
            assertThat(answers).anyMatch(answer -> answer.contains("rtmp://127.0.0.1:" + nobody + "/live/***"));
            assertThat(answers).anyMatch(answer -> answer.contains("http://***@127.0.0.1:" + nobody + "/***?t=***"));
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

    @Test
    void secret_thatIsNotThere_endsTheRunInOneLine() {
        String address = "front=rtsp://admin:{env:NO_SUCH_PASSWORD}@127.0.0.1/live?key=k3yp1anted";
        try (var process = FramecastProcess.start(folder, "run", address, "--preview", "none")) {
            assertThat(process.exitCode(DEADLINE)).isEqualTo(ExitCodes.FAILED);
            assertThat(process.errors())
                    .containsExactly("framecast: source 'rtsp://***@127.0.0.1/live?key=***' needs its secret, but the"
                            + " variable 'NO_SUCH_PASSWORD' is not set: set it for the process that runs Framecast");
            assertThat(process.output()).isEmpty();
        }
    }

    @Test
    void address_typedWhereNoneIsExpected_isMaskedAsWell() {
        for (List<String> typed : List.of(
                List.of("run", "--fps", "http://127.0.0.1/v?access_token=k3yp1anted"),
                List.of("predict", "rtmp://127.0.0.1/live/k3yp1anted"),
                List.of("run", "ftp://127.0.0.1/v?access_token=k3yp1anted"),
                List.of("run", "rtsp:/admin:k3yp1anted@127.0.0.1/live"),
                List.of("run", "--kafka", "http://127.0.0.1/v?access_token=k3yp1anted"))) {
            try (var process = FramecastProcess.start(folder, typed.toArray(String[]::new))) {
                assertThat(process.exitCode(DEADLINE)).as(process::toString).isEqualTo(ExitCodes.USAGE);
                assertThat(process.errors()).hasSize(1);
                clean("the errors", process.errors());
            }
        }
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
