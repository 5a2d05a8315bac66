package io.framecast.source.reader;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/**
 * A camera with a fault: it stands before a real RTSP server, passes on what the client says, and spoils what comes
 * back (RTSP over TCP, interleaved, RFC 2326 section 10.12). The fault may change while it runs.
 */
final class FaultyCamera implements AutoCloseable {
    /** What is wrong with it. */
    enum Fault {
        NONE,
        /** Takes the connection and says nothing. */
        SILENT,
        /** Answers until it is asked to DESCRIBE its streams. */
        SILENT_IN_DESCRIBE,
        /** Timestamps are an hour ahead from now on. */
        AN_HOUR_AHEAD,
        /** Timestamps start anew. */
        BACK_TO_ZERO,
        /** One packet in five has bytes flipped. */
        CORRUPT
    }

    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *(\\d+)");
    private static final int RTP_HEADER = 12;
    private static final int CLOCK_RATE = 90_000;

    private final ServerSocket listening;
    private final int upstream;
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final Random random = new Random(5);
    private volatile Fault fault;
    private int firstTimestamp = -1;
    private int shift;
    private Fault shiftedFor = Fault.NONE;

    /**
     * Starts it.
     *
     * @param upstream the port of the real server
     */
    FaultyCamera(int upstream, Fault fault) {
        this.upstream = upstream;
        this.fault = fault;
        try {
            listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        start(this::accept);
    }

    String url() {
        return "rtsp://127.0.0.1:" + listening.getLocalPort() + "/live";
    }

    /** Gives it another fault, or none; its open connections stay as they are. */
    void fault(Fault next) {
        fault = next;
    }

    /** Mends it as switching it off and on does: its connections are gone. */
    void reboot() {
        fault = Fault.NONE;
        connections.forEach(FaultyCamera::close);
    }

    private void start(Work work) {
        var thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException closed) {
                        // Either side has gone.
                    }
                },
                "faulty-camera");
        thread.setDaemon(true);
        thread.start();
    }

    private interface Work {
        void run() throws IOException;
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listening.accept();
            connections.add(client);
            if (fault != Fault.SILENT) {
                Socket server = new Socket(InetAddress.getLoopbackAddress(), upstream);
                connections.add(server);
                start(() -> passOn(client, server));
                start(() -> spoil(server, client));
            }
        }
    }

    private void passOn(Socket client, Socket server) throws IOException {
        var buffer = new byte[4096];
        InputStream in = client.getInputStream();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            var text = new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
            if (fault == Fault.SILENT_IN_DESCRIBE && text.startsWith("DESCRIBE")) {
                return;
            }
            server.getOutputStream().write(buffer, 0, read);
        }
        close(server);
    }

    private void spoil(Socket server, Socket client) throws IOException {
        var in = new DataInputStream(server.getInputStream());
        OutputStream out = client.getOutputStream();
        for (int first = in.read(); first >= 0; first = in.read()) {
            if (first == '$') {
                int channel = in.readUnsignedByte();
                var packet = new byte[in.readUnsignedShort()];
                in.readFully(packet);
                out.write(packet(channel, channel % 2 == 0 ? spoilt(packet) : packet));
            } else {
                out.write(answer(first, in));
            }
            out.flush();
        }
        close(client);
    }

    private static byte[] packet(int channel, byte[] content) {
        return ByteBuffer.allocate(4 + content.length)
                .put((byte) '$')
                .put((byte) channel)
                .putShort((short) content.length)
                .put(content)
                .array();
    }

    private static byte[] answer(int first, DataInputStream in) throws IOException {
        var bytes = new ByteArrayOutputStream();
        bytes.write(first);
        while (!bytes.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            bytes.write(in.readUnsignedByte());
        }
        var length = LENGTH.matcher(bytes.toString(StandardCharsets.ISO_8859_1));
        if (length.find()) {
            var body = new byte[Integer.parseInt(length.group(1))];
            in.readFully(body);
            bytes.write(body);
        }
        return bytes.toByteArray();
    }

    private byte[] spoilt(byte[] packet) {
        var content = ByteBuffer.wrap(packet);
        int timestamp = content.getInt(4);
        if (firstTimestamp == -1) {
            firstTimestamp = timestamp;
        }
        if (fault != shiftedFor) {
            shiftedFor = fault;
            shift = switch (fault) {
                case AN_HOUR_AHEAD -> 3600 * CLOCK_RATE;
                case BACK_TO_ZERO -> firstTimestamp - timestamp;
                default -> shift;
            };
        }
        content.putInt(4, timestamp + shift);
        if (fault == Fault.CORRUPT && random.nextInt(5) == 0) {
            for (int flip = 0; flip < 10; flip++) {
                packet[RTP_HEADER + random.nextInt(packet.length - RTP_HEADER)] ^= (byte) (1 + random.nextInt(255));
            }
        }
        return packet;
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        connections.forEach(FaultyCamera::close);
    }
}
