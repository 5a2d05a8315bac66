package io.framecast.preview.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.framecast.preview.CameraViews;
import io.framecast.preview.MovingScene;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HEAD, ranges and conditions, as RFC 9110 has them. */
@Timeout(60)
class PreviewConditionsTest {
    private static final String CLIP = "/cameras/door/forecast.mp4";

    private final CameraViews views = new CameraViews();
    private final MovingScene door = new MovingScene("door", 1);
    private final AtomicInteger clips = new AtomicInteger();
    private final PreviewServer server = PreviewServer.start(
            new HttpConfig("127.0.0.1", 0, Optional.empty()), views, Health.READY, () -> "", forecast -> clip());

    private RawConnection connection;

    @BeforeEach
    void connect() throws IOException {
        views.accept(door.frame(3, Instant.now()));
        views.accept(door.forecast(3, Instant.now()));
        connection = new RawConnection(server.address().getPort());
    }

    @AfterEach
    void close() throws IOException {
        connection.close();
        server.close();
    }

    /** A hundred bytes and one more for every clip, all with the number of the clip. */
    private byte[] clip() {
        int number = clips.incrementAndGet();
        var clip = new byte[100 + number];
        Arrays.fill(clip, (byte) number);
        return clip;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/style.css",
                "/app.js",
                "/ahead.js",
                "/clock.js",
                "/icon.svg",
                "/cameras/door/live.png",
                "/cameras/door/forecast.json",
                "/cameras/door/forecast.png",
                "/cameras/door/forecast.png?layout=row",
                "/cameras/door/forecast.gif",
                CLIP
            })
    void fixedContent_anyOfIt_hasTagHeadAndRanges(String path) throws Exception {
        var whole = connection.send("GET", path);
        var bytes = connection.body(whole);
        assertThat(whole.status()).isEqualTo(200);
        assertThat(whole.headers()).containsEntry("accept-ranges", "bytes").containsKey("etag");
        assertThat(whole.headers().get("cache-control")).isEqualTo("private, no-cache");

        var head = connection.send("HEAD", path);
        assertThat(head.headers())
                .containsEntry("etag", whole.headers().get("etag"))
                .containsEntry("content-length", String.valueOf(bytes.length));

        var part = connection.send("GET", path, "Range: bytes=1-9");
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.headers()).containsEntry("content-range", "bytes 1-9/" + bytes.length);
        assertThat(connection.body(part)).isEqualTo(Arrays.copyOfRange(bytes, 1, 10));

        var known =
                connection.send("GET", path, "If-None-Match: " + whole.headers().get("etag"));
        assertThat(known.status()).isEqualTo(304);
        assertThat(known.headers())
                .containsEntry("etag", whole.headers().get("etag"))
                .doesNotContainKey("content-range");
        assertThat(connection.send("GET", "/health/live").status())
                .as("the next")
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/cameras", "/health/live", "/metrics", "/ticket", "/nothing"})
    void changingContent_askedWithConditions_comesWhole(String path) throws Exception {
        var plain = connection.send("GET", path);
        int status = plain.status();
        connection.body(plain);

        var answer = connection.send("GET", path, "Range: bytes=0-1", "If-None-Match: *");

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.headers()).doesNotContainKeys("etag", "content-range", "accept-ranges");
        assertThat(answer.headers()).containsEntry("cache-control", "no-store");
        connection.body(answer);
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-1,0,1",
        "bytes=0-0,0,0",
        "bytes=100-,100,100",
        "bytes=-1,100,100",
        "bytes=-500,0,100",
        "bytes=50-5000,50,100",
        "bytes=0-18446744073709551616,0,100",
        "BYTES= 3-4 ,3,4"
    })
    void range_satisfiable_is206WithThoseBytes(String range, int first, int last) throws Exception {
        var answer = connection.send("GET", CLIP, "Range: " + range);

        assertThat(answer.status()).isEqualTo(206);
        assertThat(answer.headers()).containsEntry("content-range", "bytes " + first + "-" + last + "/101");
        assertThat(answer.headers()).containsEntry("content-type", "video/mp4");
        assertThat(connection.body(answer)).hasSize(last - first + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=101-", "bytes=101-200", "bytes=-0", "bytes=99999999999999999999-"})
    void range_beyondTheEnd_is416AndTellsTheLength(String range) throws Exception {
        var answer = connection.send("GET", CLIP, "Range: " + range);

        assertThat(answer.status()).isEqualTo(416);
        assertThat(answer.headers()).containsEntry("content-range", "bytes */101");
        assertThat(new String(connection.body(answer), StandardCharsets.UTF_8)).contains("101 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=5-2", "bytes=", "bytes=-", "bytes=a-b", "items=0-1", "bytes=0-1,5-6", "0-1"})
    void range_malformedOrOfAnotherKind_isPassedOver(String range) throws Exception {
        var answer = connection.send("GET", CLIP, "Range: " + range);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(connection.body(answer)).hasSize(101);
    }

    @Test
    void range_ofHead_isPassedOver() throws Exception {
        var answer = connection.send("HEAD", CLIP, "Range: bytes=0-1");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).containsEntry("content-length", "101");
    }

    @Test
    void parts_whileForecastsGoOn_areOfOneClip() throws Exception {
        var first = connection.send("GET", CLIP, "Range: bytes=0-1");
        var bytes = connection.body(first);
        views.accept(door.forecast(4, Instant.now()));

        var rest = connection.send("GET", CLIP, "Range: bytes=2-");

        assertThat(rest.headers())
                .containsEntry("content-range", "bytes 2-100/101")
                .containsEntry("etag", first.headers().get("etag"));
        assertThat(connection.body(rest)).containsOnly(bytes[0]);
        var newest = connection.send("GET", CLIP);
        assertThat(connection.body(newest)).as("without a range").hasSize(102);
    }

    @Test
    void ifRange_tagOfThePartBefore_isAnsweredFromIt_anotherWhole() throws Exception {
        var first = connection.send("GET", CLIP, "Range: bytes=0-1");
        connection.body(first);
        var tag = first.headers().get("etag");
        views.accept(door.forecast(4, Instant.now()));

        var rest = connection.send("GET", CLIP, "Range: bytes=2-3", "If-Range: " + tag);
        assertThat(rest.status()).isEqualTo(206);
        assertThat(connection.body(rest)).hasSize(2);

        for (var other : new String[] {"\"other\"", "W/" + tag, "Sun, 29 Nov 2026 09:00:00 GMT"}) {
            var whole = connection.send("GET", CLIP, "Range: bytes=2-3", "If-Range: " + other);
            assertThat(whole.status()).as(other).isEqualTo(200);
            assertThat(connection.body(whole)).as(other).hasSize(102);
        }
    }

    @Test
    void ifNoneMatch_newForecast_bringsItWithAnotherTag() throws Exception {
        var old = connection.send("GET", CLIP);
        connection.body(old);
        var tag = old.headers().get("etag");
        for (var header : new String[] {"*", "W/" + tag, "\"a\", " + tag}) {
            assertThat(connection.send("GET", CLIP, "If-None-Match: " + header).status())
                    .as(header)
                    .isEqualTo(304);
        }
        views.accept(door.forecast(4, Instant.now()));

        var answer = connection.send("GET", CLIP, "If-None-Match: " + tag);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers().get("etag")).isNotEqualTo(tag);
        connection.body(answer);
    }

    @Test
    void ifMatch_anotherTag_is412() throws Exception {
        var answer = connection.send("GET", CLIP, "If-Match: \"other\"", "Range: bytes=0-1");
        connection.body(answer);

        assertThat(answer.status()).isEqualTo(412);
        var any = connection.send("GET", CLIP, "If-Match: *");
        assertThat(any.status()).isEqualTo(200);
        connection.body(any);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/cameras/door/preview.mjpg", "/events", "/cameras/none/preview.mjpg", "/cameras", "/nothing"})
    void head_anything_isAnsweredAndTheNextRequestToo(String path) throws Exception {
        var head = connection.send("HEAD", path);

        var next = connection.send("GET", "/health/live");

        assertThat(head.status()).isIn(200, 404, 426);
        assertThat(next.status()).isEqualTo(200);
        assertThat(new String(connection.body(next), StandardCharsets.UTF_8)).contains("live");
    }

    @Test
    void head_stream_tellsItsKind() throws Exception {
        var head = connection.send("HEAD", "/cameras/door/preview.mjpg");

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.headers()).containsEntry("content-type", "multipart/x-mixed-replace; boundary=framecast");
    }

    @Test
    void stream_overHttp10_comesUnchunked() throws Exception {
        var head = connection.sendText("GET /cameras/door/preview.mjpg HTTP/1.0\r\nHost: localhost\r\n\r\n");

        assertThat(head.headers()).doesNotContainKey("transfer-encoding");
        assertThat(new MjpegParts(Objects.requireNonNull(connection.stream())).next())
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health/live?%zz", "/cameras?%zz", "/?a=%e0%", "/health/ready?x=%", "/ticket?%2"})
    void malformedQuery_isABadRequest(String path) throws IOException {
        try (var connection = new RawConnection(server.address().getPort())) {
            assertThat(connection.send("GET", path).status()).isEqualTo(400);
        }
    }
}
