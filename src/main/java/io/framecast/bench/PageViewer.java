package io.framecast.bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Asks for the next message whenever one has come, as the page does, and notes how old frames are. */
final class PageViewer implements WebSocket.Listener {
    private static final byte FRAME = 2;
    private static final int PREFIX = 9;
    private static final Pattern TIME = Pattern.compile("\"timeMs\":(\\d+)");

    private final ConcurrentLinkedQueue<Long> ages = new ConcurrentLinkedQueue<>();
    private ByteBuffer message = ByteBuffer.allocate(1 << 16);
    private @Nullable WebSocket socket;

    /** Opens the page's stream of messages. */
    void watch(HttpClient client, URI page) {
        URI events = URI.create("ws" + page.toString().substring("http".length()) + "events");
        client.newWebSocketBuilder().buildAsync(events, this).join();
    }

    /** How old the frames since the last reset were when they came, in milliseconds. */
    Collection<Long> ages() {
        return ages;
    }

    void reset() {
        ages.clear();
    }

    void stop() {
        if (socket != null) {
            socket.abort();
        }
    }

    @Override
    public void onOpen(WebSocket opened) {
        socket = opened;
        opened.request(1);
        var unused = opened.sendText("next", true);
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer part, boolean last) {
        append(part);
        if (last) {
            message.flip();
            read();
            message.clear();
            var unused = from.sendText("next", true);
        }
        from.request(1);
        return null;
    }

    private void append(ByteBuffer part) {
        if (message.remaining() < part.remaining()) {
            var larger = ByteBuffer.allocate(2 * (message.position() + part.remaining()));
            message.flip();
            message = larger.put(message);
        }
        message.put(part);
    }

    private void read() {
        long now = System.currentTimeMillis();
        while (message.remaining() > PREFIX) {
            byte kind = message.get();
            var head = new byte[message.getInt()];
            int body = message.getInt();
            message.get(head);
            message.position(message.position() + body);
            if (kind == FRAME) {
                Matcher time = TIME.matcher(new String(head, StandardCharsets.UTF_8));
                if (time.find()) {
                    ages.add(now - Long.parseLong(time.group(1)));
                }
            }
        }
    }
}
