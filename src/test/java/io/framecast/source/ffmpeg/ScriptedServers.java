package io.framecast.source.ffmpeg;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Servers that go wrong in a chosen way: by HTTP, by RTSP, and by no protocol at all. The path of an address says how.
 */
final class ScriptedServers implements AutoCloseable {
    private static final int TS_PACKET = 188;
    private static final int SYNC = 0x47;
    private static final int PACKETS_AT_ONCE = 40;

    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Map<String, HttpHandler> answers = new ConcurrentHashMap<>();
    private final HttpServer http;
    private final ServerSocket rtsp = listen();
    private final ServerSocket silent = listen();
    private final ServerSocket trickling = listen();
    private final ServerSocket closed = listen();

    ScriptedServers() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(workers);
        http.createContext("/", this::answer);
        http.start();
        workers.execute(() -> accept(rtsp, this::speakRtsp));
        workers.execute(() -> accept(trickling, this::trickle));
        workers.execute(() -> accept(closed, client -> {}));
    }

    private static ServerSocket listen() {
        try {
            return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Has the HTTP server send something.
     *
     * @param length may promise more than there is, or be 0 for an answer without end
     */
    void put(String path, String type, byte[] bytes, long length) {
        answers.put(path, exchange -> send(exchange, type, bytes, length));
    }

    String http() {
        return "127.0.0.1:" + http.getAddress().getPort();
    }

    /** A number is the status it answers DESCRIBE with; {@code 461} refuses each transport. */
    String rtsp() {
        return "127.0.0.1:" + rtsp.getLocalPort();
    }

    /** Takes connections and says nothing. */
    String silent() {
        return "127.0.0.1:" + silent.getLocalPort();
    }

    /** Sends packets of a transport stream that carries nothing. */
    String trickling() {
        return "127.0.0.1:" + trickling.getLocalPort();
    }

    /** Takes connections and closes them. */
    String closing() {
        return "127.0.0.1:" + closed.getLocalPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath().substring(1);
        try (exchange) {
            if (path.equals("loop")) {
                exchange.getResponseHeaders().add("Location", "/loop");
                exchange.sendResponseHeaders(302, -1);
                return;
            }
            var answer = answers.get(path);
            if (answer == null) {
                exchange.sendResponseHeaders(path.matches("\\d+") ? Integer.parseInt(path) : 404, -1);
            } else {
                answer.handle(exchange);
            }
        }
    }

    private void send(HttpExchange exchange, String type, byte[] bytes, long length) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", type);
        exchange.sendResponseHeaders(200, length);
        exchange.getResponseBody().write(bytes);
        exchange.getResponseBody().flush();
        try {
            while (length == 0 && !closing.await(20, TimeUnit.MILLISECONDS)) {
                exchange.getResponseBody().write(bytes);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Talk {
        void with(Socket client) throws IOException, InterruptedException;
    }

    private void accept(ServerSocket server, Talk talk) {
        try {
            while (true) {
                var client = server.accept();
                workers.execute(() -> {
                    try (client) {
                        talk.with(client);
                    } catch (IOException gone) {
                        // The other side has closed; that is how a talk ends.
                    } catch (InterruptedException closed) {
                        Thread.currentThread().interrupt();
                    }
                });
            }
        } catch (IOException closed) {
            // By close().
        }
    }

    private void trickle(Socket client) throws IOException, InterruptedException {
        var packets = new byte[PACKETS_AT_ONCE * TS_PACKET];
        for (int at = 0; at < packets.length; at += TS_PACKET) {
            packets[at] = SYNC;
            packets[at + 1] = 0x1F; // packet identifier 8191: a null packet
            packets[at + 2] = (byte) 0xFF;
            packets[at + 3] = 0x10;
        }
        while (!closing.await(100, TimeUnit.MILLISECONDS)) {
            client.getOutputStream().write(packets);
        }
    }

    private void speakRtsp(Socket client) throws IOException, InterruptedException {
        var in = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
        for (var request = in.readLine(); request != null; request = in.readLine()) {
            String sequence = "";
            String transport = "";
            for (var line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                sequence = line.startsWith("CSeq") ? line : sequence;
                transport = line.startsWith("Transport") ? line : transport;
            }
            var answer = rtspAnswer(request, transport);
            var status = answer.substring(0, answer.indexOf('\n') + 1);
            client.getOutputStream()
                    .write(("RTSP/1.0 " + status + sequence + "\n" + answer.substring(status.length()))
                            .replace("\n", "\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            if (request.startsWith("PLAY") && request.contains("/ends")) {
                return;
            }
        }
    }

    private static String rtspAnswer(String request, String transport) {
        var method = request.substring(0, request.indexOf(' '));
        var path = request.replaceAll(".*://[^/]*/([^/ ]*).*", "$1");
        return switch (method) {
            case "OPTIONS" -> "200 OK\nPublic: DESCRIBE, SETUP, PLAY\n\n";
            case "DESCRIBE" ->
                path.matches("(?!461)\\d+")
                        ? path + " x\nWWW-Authenticate: Basic realm=\"x\"\n\n"
                        : description(path.equals("odd") ? "X-ODD" : "H264");
            case "SETUP" -> path.startsWith("461") ? "461 Unsupported transport\n\n" : setUp(transport);
            default -> "200 OK\nSession: 1\n\n";
        };
    }

    private static String setUp(String transport) {
        return transport.contains("TCP")
                ? "200 OK\nSession: 1\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\n\n"
                : "200 OK\nSession: 1\n" + transport + ";server_port=9-9\n\n";
    }

    private static String description(String codec) {
        var text = "v=0\no=- 1 1 IN IP4 127.0.0.1\ns=x\nt=0 0\nm=video 0 RTP/AVP 96\na=rtpmap:96 " + codec
                + "/90000\na=control:t\n";
        var length = text.replace("\n", "\r\n").length();
        return "200 OK\nContent-Type: application/sdp\nContent-Length: " + length + "\n\n" + text;
    }

    @Override
    public void close() {
        closing.countDown();
        http.stop(0);
        for (var server : new ServerSocket[] {rtsp, silent, trickling, closed}) {
            try {
                server.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        workers.shutdownNow();
    }
}
