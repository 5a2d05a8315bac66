package io.framecast.preview.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.framecast.preview.CameraViews;
import io.framecast.preview.SceneFeed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Requests that no browser sends: each is answered or cut off, soon, and never with a failure of the server's own. */
class FuzzedHttpIT {
    private static final int REQUESTS = 1500;
    private static final int AT_A_TIME = 8;
    private static final int UNFINISHED_MILLIS = 300;
    private static final int HANGS_MILLIS = 10_000;
    private static final int CUT_OFF = 0;

    private static final List<String> PATHS = List.of(
            "/",
            "/cameras",
            "/metrics",
            "/events",
            "/app.js",
            "/cameras/door/live.png",
            "/cameras/door/forecast.json",
            "/cameras/door/forecast.png?layout=row",
            "/cameras/door/forecast.mp4",
            "/cameras/door/preview.mjpg?view=live",
            "/../../../../etc/passwd",
            "/..%2f..%2f..%2fetc%2fpasswd",
            "/%2e%2e/%2e%2e/pom.xml",
            "/preview/index.html",
            "/cameras/../metrics",
            "/cameras//preview.mjpg",
            "/cameras/%00/live.png",
            "/%",
            "/?token=%zz",
            "//evil.example/",
            "http://evil.example/cameras",
            "*");

    private static final List<String> HEADERS = List.of(
            "Authorization: Bearer sesame",
            "Authorization: Bearer wrong",
            "Origin: http://evil.example",
            "Cookie: framecast=; framecast=x; =;;;",
            "Content-Length: -1",
            "Content-Length: 99999999999999999999",
            "Content-Length: 10",
            "Transfer-Encoding: chunked",
            "Transfer-Encoding: chunked, chunked",
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13",
            "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAAA",
            "Expect: 100-continue",
            "Range: bytes=0-18446744073709551615",
            "Accept-Encoding: gzip;q=x",
            "X-\u0000: y",
            "Host: evil.example",
            "no header at all");

    private final Random random = new Random(11);

    @Test
    void requests_fuzzed_areAnsweredOrCutOff() throws InterruptedException {
        var views = new CameraViews();
        try (var feed = new SceneFeed(views, "door");
                var server = PreviewServer.start(
                        new HttpConfig("127.0.0.1", 0, Optional.of("sesame")),
                        views,
                        Health.READY,
                        () -> "",
                        any -> new byte[0])) {
            assertThat(feed).isNotNull();
            int port = server.address().getPort();
            Map<Integer, Integer> answers = answers(port);
            System.out.println("answers to " + REQUESTS + " fuzzed requests (0: cut off): " + answers);
            assertThat(answers).containsKeys(200, 400, 401, 404, 405);
            byte[] sound = "GET /cameras HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer sesame\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);
            assertThat(status(port, sound)).as("a sound one afterwards").isEqualTo(200);
        }
    }

    /** How often which status was answered; some requests are under way at a time, as most of them wait. */
    private Map<Integer, Integer> answers(int port) throws InterruptedException {
        var requests = Stream.generate(this::request).limit(REQUESTS).toList();
        var answers = new ConcurrentSkipListMap<Integer, Integer>();
        ExecutorService clients = Executors.newFixedThreadPool(AT_A_TIME);
        try {
            var calls = requests.stream()
                    .<Callable<Integer>>map(request -> () -> answers.merge(answer(port, request), 1, Integer::sum))
                    .toList();
            for (Future<?> call : clients.invokeAll(calls)) {
                assertThat(call).succeedsWithin(Duration.ZERO);
            }
        } finally {
            clients.shutdownNow();
        }
        return answers;
    }

    private static int answer(int port, byte[] request) {
        int status = status(port, request);
        assertThat(status)
                .as(() -> "answer to " + new String(request, StandardCharsets.ISO_8859_1))
                .satisfiesAnyOf(
                        it -> assertThat(it).isEqualTo(CUT_OFF),
                        it -> assertThat(it).isBetween(100, 499));
        return status;
    }

    private byte[] request() {
        var text = new StringBuilder();
        text.append(one(List.of("GET", "GET", "GET", "HEAD", "POST", "DELETE", "OPTIONS", "get", "G\u0001T", "")))
                .append(' ')
                .append(random.nextInt(40) == 0 ? "/" + "a".repeat(random.nextInt(20_000)) : one(PATHS))
                .append(' ')
                .append(one(List.of("HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/9.9", "HTTP", "")))
                .append("\r\n");
        if (random.nextInt(10) > 0) {
            text.append("Host: localhost\r\n");
        }
        if (random.nextBoolean()) {
            text.append("Authorization: Bearer sesame\r\n");
        }
        for (int headers = random.nextInt(4); headers > 0; headers--) {
            text.append(one(HEADERS)).append("\r\n");
        }
        if (random.nextInt(50) == 0) {
            text.append("X-Long: ").append("y".repeat(random.nextInt(60_000))).append("\r\n");
        }
        text.append("\r\n").append(random.nextInt(3) == 0 ? "5\r\nhello\r\nzz\r\n" : "");
        byte[] sound = text.toString().getBytes(StandardCharsets.ISO_8859_1);
        return random.nextBoolean() ? sound : damaged(sound);
    }

    /** Bytes flipped, left out, said twice, or the end missing. */
    private byte[] damaged(byte[] sound) {
        byte[] bytes = sound.clone();
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(4)) {
            case 0 -> {
                for (int flip = 0; flip < 5; flip++) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
            }
            case 1 -> bytes = Arrays.copyOf(bytes, at);
            case 2 -> bytes = joined(Arrays.copyOf(bytes, at), bytes);
            default -> {
                int to = at + random.nextInt(bytes.length - at);
                bytes = joined(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, to, bytes.length));
            }
        }
        return bytes;
    }

    private static byte[] joined(byte[] one, byte[] other) {
        var all = new ByteArrayOutputStream();
        all.writeBytes(one);
        all.writeBytes(other);
        return all.toByteArray();
    }

    private String one(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** How it begins to answer; it may wait for the rest of a request until it hears that there is none. */
    private static byte[] head(Socket socket) throws IOException {
        try {
            return socket.getInputStream().readNBytes(12);
        } catch (SocketTimeoutException unfinished) {
            socket.setSoTimeout(HANGS_MILLIS);
            socket.shutdownOutput();
            return socket.getInputStream().readNBytes(12);
        }
    }

    /** The status of the first answer; {@link #CUT_OFF} for none; fails when neither comes. */
    private static int status(int port, byte[] request) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(UNFINISHED_MILLIS);
            socket.getOutputStream().write(request);
            byte[] head = head(socket);
            String line = new String(head, StandardCharsets.ISO_8859_1);
            return line.matches("HTTP/1\\.[01] \\d{3}") ? Integer.parseInt(line.substring(9)) : CUT_OFF;
        } catch (SocketTimeoutException hanging) {
            throw new AssertionError("no answer to " + new String(request, StandardCharsets.ISO_8859_1), hanging);
        } catch (SocketException reset) {
            return CUT_OFF;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
