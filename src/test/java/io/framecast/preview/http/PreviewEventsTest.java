package io.framecast.preview.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.framecast.frame.CameraId;
import io.framecast.frame.CameraPicture;
import io.framecast.frame.CameraState;
import io.framecast.frame.EncodedImage;
import io.framecast.frame.FrameId;
import io.framecast.frame.Pixels;
import io.framecast.preview.CameraViews;
import io.framecast.preview.MovingScene;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PreviewEventsTest {
    private final CameraViews views = new CameraViews();
    private final MovingScene door = new MovingScene("front-door", 1);
    private final PreviewServer server = PreviewServer.start(
            new HttpConfig("127.0.0.1", 0, Optional.empty()), views, Health.READY, () -> "", any -> new byte[0]);

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void events_firstAsked_bringAllThereIs() throws Exception {
        var frame = door.frame(3, Instant.now());
        var forecast = door.forecast(3, Instant.now());
        views.accept(frame);
        views.accept(forecast);
        views.accept(door.status(CameraState.LIVE, "", Instant.now()));

        var page = new Page("http://127.0.0.1:" + port());
        page.ask();
        var sections = page.take();

        assertThat(sections).extracting(Section::kind).containsExactly(1, 2, 3);
        assertThat(sections.get(0).head().at("/cameras/0/id").asText()).isEqualTo("front-door");
        assertThat(sections.get(1).body()).isEqualTo(frame.pixels());
        assertThat(sections.get(2).head().path("steps").asInt()).isEqualTo(32);
        assertThat(sections.get(2).body().size()).isEqualTo(32 * 64 * 64 * 3);
        assertThat(sections.get(2).body().at(64 * 64 * 3 + 7))
                .isEqualTo(forecast.frames().get(1).at(7));
    }

    @Test
    void events_pictureOfACamera_isSentOnce() throws Exception {
        var picture = door.picture(3, Instant.now());
        views.accept(door.frame(3, Instant.now()));
        views.accept(picture);

        var page = new Page("http://127.0.0.1:" + port());
        page.ask();
        var sections = page.take();

        assertThat(sections).extracting(Section::kind).containsExactly(1, 2, 5);
        assertThat(sections.get(2).head().path("timeMs").asLong())
                .isEqualTo(picture.captureTime().toEpochMilli());
        assertThat(sections.get(2).body().toByteArray())
                .isEqualTo(picture.jpeg().toByteArray());
        page.ask();
        assertThat(page.take()).extracting(Section::kind).doesNotContain(5);
    }

    @Test
    void events_picturesOfManyCameras_leaveRoomForForecasts() throws Exception {
        var now = Instant.now();
        for (int i = 0; i < 40; i++) {
            var scene = new MovingScene("cam-" + i, 1);
            views.accept(scene.frame(3, now));
            var jpeg = EncodedImage.copyOf(new byte[60_000]);
            views.accept(new CameraPicture(new CameraId("cam-" + i), new FrameId(1, 3), now, 640, 360, jpeg));
            views.accept(scene.forecast(3, now));
        }

        var page = new Page("http://127.0.0.1:" + port());
        page.ask();
        assertThat(page.take()).extracting(Section::kind).contains(3, 5);
    }

    @Test
    void events_pageThatAsksLate_getsTheNewestFrameOnly() throws Exception {
        var page = new Page("http://127.0.0.1:" + port());
        views.accept(door.frame(0, Instant.now()));
        page.ask();
        page.take();
        for (int i = 1; i <= 50; i++) {
            views.accept(door.frame(i, Instant.now()));
        }
        var newest = door.frame(51, Instant.now());
        views.accept(newest);

        assertThat(page.messages).as("what was not asked for").isEmpty();
        page.ask();
        var frames = page.take().stream().filter(section -> section.kind() == 2).toList();

        assertThat(frames).hasSize(1);
        assertThat(frames.get(0).body()).isEqualTo(newest.pixels());
    }

    @Test
    void events_nothingNew_stillTellTheStatesEverySecond() throws Exception {
        var page = new Page("http://127.0.0.1:" + port());
        page.ask();
        page.take();
        page.ask();

        assertThat(page.take()).extracting(Section::kind).containsExactly(1);
    }

    @Test
    void events_otherSitesPage_isRefused() {
        assertThatThrownBy(() -> new Page("http://evil.example")).isInstanceOf(ExecutionException.class);
    }

    @Test
    void close_withPagesAttached_endsThemWithinTwoSeconds() throws Exception {
        var asking = new Page("http://127.0.0.1:" + port());
        var idle = new Page("http://127.0.0.1:" + port());
        asking.ask();
        asking.take();
        asking.ask();

        var started = Instant.now();
        server.close();

        assertThat(Duration.between(started, Instant.now())).isLessThan(Duration.ofSeconds(2));
        assertThat(asking.ended).succeedsWithin(2, TimeUnit.SECONDS);
        assertThat(idle.ended).succeedsWithin(2, TimeUnit.SECONDS);
    }

    private int port() {
        return server.address().getPort();
    }

    private record Section(int kind, JsonNode head, Pixels body) {}

    /** A page that reads messages as wire.js does. */
    private final class Page implements WebSocket.Listener {
        private final BlockingQueue<List<Section>> messages = new LinkedBlockingQueue<>();
        private final CompletableFuture<Void> ended = new CompletableFuture<>();
        private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
        private final WebSocket socket;

        Page(String origin) throws Exception {
            socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .header("Origin", origin)
                    .buildAsync(URI.create("ws://127.0.0.1:" + port() + "/events"), this)
                    .get(10, TimeUnit.SECONDS);
        }

        void ask() throws Exception {
            assertThat(socket.sendText("next", true).get(10, TimeUnit.SECONDS)).isNotNull();
        }

        List<Section> take() throws InterruptedException {
            var message = messages.poll(10, TimeUnit.SECONDS);
            assertThat(message).as("a message within 10 s").isNotNull();
            return message;
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer bytes, boolean last) {
            var part = new byte[bytes.remaining()];
            bytes.get(part);
            partial.writeBytes(part);
            if (last) {
                messages.add(sections(ByteBuffer.wrap(partial.toByteArray())));
                partial.reset();
            }
            socket.request(1);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            ended.complete(null);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            ended.complete(null);
        }
    }

    private static List<Section> sections(ByteBuffer message) {
        var sections = new ArrayList<Section>();
        while (message.hasRemaining()) {
            int kind = message.get();
            var head = new byte[message.getInt()];
            int bodyLength = message.getInt();
            message.get(head);
            var body = message.slice(message.position(), bodyLength);
            message.position(message.position() + bodyLength);
            sections.add(new Section(kind, parse(head), Pixels.copyOf(body)));
        }
        return sections;
    }

    private static JsonNode parse(byte[] json) {
        try {
            return new ObjectMapper().readTree(json);
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }
}
