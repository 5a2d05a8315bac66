package io.framecast.preview.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.framecast.preview.CameraViews;
import io.framecast.preview.MovingScene;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Endless answers have a limit, however they are asked for and however they end. */
@Timeout(120)
class PreviewViewersTest {
    private static final String[] HANDSHAKE = {
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="
    };
    private static final String STREAM = "/cameras/door/preview.mjpg?view=live";

    private final CameraViews views = new CameraViews();
    private final PreviewServer server = PreviewServer.start(
            new HttpConfig("127.0.0.1", 0, Optional.empty()), views, Health.READY, () -> "", any -> new byte[0]);
    private final List<RawConnection> connections = new ArrayList<>();

    @BeforeEach
    void show() {
        views.accept(new MovingScene("door", 1).frame(3, Instant.now()));
    }

    @AfterEach
    void close() throws IOException {
        for (var connection : connections) {
            connection.close();
        }
        server.close();
    }

    @Test
    void events_moreThanTheLimit_areRefusedUntilOneLeaves() throws Exception {
        for (int i = 0; i < LiveRoutes.MOST_VIEWERS; i++) {
            assertThat(connect().send("GET", "/events", HANDSHAKE).status()).isEqualTo(101);
        }

        var refused = connect();
        var answer = refused.send("GET", "/events", HANDSHAKE);
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.headers()).containsKey("retry-after");
        refused.body(answer);
        var stream = refused.send("GET", STREAM);
        assertThat(stream.status()).as("a stream").isEqualTo(503);
        refused.body(stream);
        assertThat(refused.send("GET", "/health/live").status()).isEqualTo(200);

        connections.get(7).reset();
        connections.get(8).close();
        awaitEntrance("/events", HANDSHAKE);
        awaitEntrance(STREAM);
    }

    @Test
    void streams_moreThanTheLimit_areRefusedUntilOneLeaves() throws Exception {
        for (int i = 0; i < LiveRoutes.MOST_VIEWERS; i++) {
            assertThat(connect().send("GET", STREAM).status()).isEqualTo(200);
        }
        assertThat(connect().send("GET", "/events", HANDSHAKE).status()).isEqualTo(503);

        connections.get(7).close();
        awaitEntrance("/events", HANDSHAKE);
    }

    @Test
    void requests_thatGetNoStream_takeNoSeat() throws Exception {
        for (int i = 0; i <= LiveRoutes.MOST_VIEWERS; i++) {
            var connection = connect();
            assertThat(connection.send("HEAD", STREAM).status()).isEqualTo(200);
            assertThat(connection.send("HEAD", "/events", HANDSHAKE).status()).isEqualTo(426);
            var oldVersion = connection.send(
                    "GET", "/events", HANDSHAKE[0], HANDSHAKE[1], "Sec-WebSocket-Version: 99", HANDSHAKE[3]);
            assertThat(oldVersion.status()).isEqualTo(426);
            assertThat(oldVersion.headers()).containsEntry("sec-websocket-version", "13");
            connection.body(oldVersion);
            var noKey = connection.send("GET", "/events", HANDSHAKE[0], HANDSHAKE[1], HANDSHAKE[2]);
            assertThat(noKey.status()).isEqualTo(426);
            connection.close();
        }

        assertThat(connect().send("GET", "/events", HANDSHAKE).status()).isEqualTo(101);
        assertThat(connect().send("GET", STREAM).status()).isEqualTo(200);
    }

    @Test
    void events_pageThatBreaksOff_leavesNoMemory() throws Exception {
        assertThat(connect().send("GET", "/health/live").status()).isEqualTo(200); // what the codecs keep is there now
        long before = unpooledMemory();
        for (int i = 0; i < LiveRoutes.MOST_VIEWERS; i++) {
            var page = connect();
            assertThat(page.send("GET", "/events", HANDSHAKE).status()).isEqualTo(101);
            page.reset();
        }

        await().untilAsserted(() -> assertThat(unpooledMemory()).isLessThanOrEqualTo(before));
    }

    private static long unpooledMemory() {
        return UnpooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    }

    private void awaitEntrance(String path, String... headers) {
        await().until(() -> {
            int status = connect().send("GET", path, headers).status();
            return status == 101 || status == 200;
        });
    }

    private RawConnection connect() throws IOException {
        var connection = new RawConnection(server.address().getPort());
        connections.add(connection);
        return connection;
    }
}
