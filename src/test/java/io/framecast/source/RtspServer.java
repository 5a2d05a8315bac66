package io.framecast.source;

import io.framecast.frame.Frame;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * A real RTSP server (GStreamer's) on a port of its own, which can be killed, brought back and frozen. Its pictures
 * carry the time they were drawn at, see {@code rtsp_server.py}.
 */
public final class RtspServer implements AutoCloseable {
    private static final int GRID = 8;
    private static final int BITS = 48;

    private final int port;
    private final String clock;
    private final List<String> options;
    private Process process;

    private RtspServer(int port, String clock, List<String> options) {
        this.port = port;
        this.clock = clock;
        this.options = options;
        this.process = launch();
    }

    /**
     * Starts a server and waits until it listens.
     *
     * @param options of {@code rtsp_server.py}, such as {@code --user}, {@code admin}
     */
    public static RtspServer start(String... options) {
        return new RtspServer(freePort(), "", List.of(options));
    }

    /**
     * Starts a server whose wall clock is off; needs Debian's {@code faketime}.
     *
     * @param off how far, such as {@code +10s}
     */
    public static RtspServer startWithClock(String off) {
        return new RtspServer(freePort(), off, List.of());
    }

    /** A loopback port on which nothing listens. */
    public static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Process launch() {
        var command = new ArrayList<>(clock.isEmpty() ? List.of() : List.of("faketime", "-f", clock));
        command.addAll(List.of(
                "/usr/bin/python3",
                Path.of("src", "test", "resources", "rtsp_server.py").toString(),
                "--port",
                String.valueOf(port)));
        command.addAll(options);
        try {
            var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().put("FAKETIME_DONT_FAKE_MONOTONIC", "1");
            var started = builder.start();
            var output = new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8));
            var line = output.readLine();
            if (line == null || !line.startsWith("port ")) {
                started.destroyForcibly();
                throw new IllegalStateException("rtsp_server.py did not start (it said '" + line
                        + "'): apt-get install gir1.2-gst-rtsp-server-1.0 python3-gi gstreamer1.0-plugins-ugly");
            }
            return started;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Where it listens. */
    public int port() {
        return port;
    }

    /** The URL of its stream, without credentials. */
    public String url() {
        return "rtsp://127.0.0.1:" + port + "/live";
    }

    /** The URL of its stream, with {@code userInfo} as a person would type it. */
    public String url(String userInfo) {
        return "rtsp://" + userInfo + "@127.0.0.1:" + port + "/live";
    }

    /** Ends it as a power cut would. */
    public void kill() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("rtsp_server.py is not to be killed");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Starts it again on the same port. */
    public void restart() {
        kill();
        process = launch();
    }

    /** Stops it without closing its connections, as a hung camera does. */
    public void freeze() {
        signal("STOP");
    }

    /** Lets it go on. */
    public void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** When the frame was drawn, in milliseconds since 1970; empty if the picture is not one of this server's. */
    public static OptionalLong drawnAt(Frame frame) {
        for (var field = 0; field < GRID; field++) {
            if (isWhite(frame, field) != (field % 2 == 0)) {
                return OptionalLong.empty();
            }
        }
        var millis = 0L;
        for (var bit = 0; bit < BITS; bit++) {
            millis = millis << 1 | (isWhite(frame, GRID + bit) ? 1 : 0);
        }
        return OptionalLong.of(millis);
    }

    private static boolean isWhite(Frame frame, int field) {
        var shape = frame.shape();
        var y = (2 * (field / GRID) + 1) * shape.height() / (2 * GRID);
        var x = (2 * (field % GRID) + 1) * shape.width() / (2 * GRID);
        return frame.pixels().at((y * shape.width() + x) * 3 + 1) > 127;
    }

    /** How long after its drawing the frame is looked at now, in milliseconds. */
    public static long ageMillis(Frame frame) {
        return Instant.now().toEpochMilli() - drawnAt(frame).orElseThrow();
    }

    @Override
    public void close() {
        thaw();
        kill();
    }
}
