package io.framecast.preview.http;

import static io.framecast.preview.history.Scene.time;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.framecast.export.ImageFile;
import io.framecast.export.Mp4Clips;
import io.framecast.preview.CameraViews;
import io.framecast.preview.history.CameraHistories;
import io.framecast.preview.history.Scene;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is answered of a camera's past. */
@Timeout(60)
class PastServerTest {
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final CameraViews views = new CameraViews();
    private final CameraHistories histories = new CameraHistories(Scene.BEGIN);
    private final PreviewServer server = PreviewServer.start(
            new HttpConfig("127.0.0.1", 0, Optional.empty()),
            views,
            new Past(histories, PictureLookup.NONE, Optional.empty()),
            Health.READY,
            () -> "",
            new Mp4Clips(),
            Optional.empty());

    /** Two minutes: frames of level 100, forecasts of level 120. */
    @BeforeEach
    void play() {
        for (int i = 0; i <= 1200; i++) {
            var frame = Scene.frame(i / 10.0, 100);
            views.accept(frame);
            histories.accept(frame);
            if (i % 5 == 0) {
                histories.accept(Scene.forecast(i / 10.0, 120));
            }
        }
        histories.accept(Scene.surprise(60, 3.5));
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void history_ofAStretch_tellsErrorsLeadsAndSurprise() throws Exception {
        JsonNode history =
                json("history.json?from=" + time(59.9) + "&to=" + time(60.5).toEpochMilli());

        assertThat(history.path("sinceMs").asLong()).isEqualTo(Scene.BEGIN.toEpochMilli());
        assertThat(history.path("spanMs").asLong()).isEqualTo(300_000);
        assertThat(history.path("moments")).hasSize(3);
        JsonNode moment = history.at("/moments/0");
        assertThat(moment.path("timeMs").asLong()).isEqualTo(time(60).toEpochMilli());
        assertThat(moment.path("error").asDouble()).isEqualTo(0.0784);
        assertThat(moment.path("leadMs").asInt()).isBetween(750, 1250);
        assertThat(moment.path("surprise").asDouble()).isEqualTo(3.5);
        assertThat(history.at("/moments/1").has("surprise")).isFalse();
    }

    @Test
    void history_whole_beginsWithTheFirstFrame() throws Exception {
        JsonNode history = json("history.json");

        assertThat(history.path("moments")).hasSize(601);
        assertThat(history.at("/moments/0/first").asBoolean()).isTrue();
        assertThat(history.at("/moments/0").has("error")).isFalse();
        assertThat(history.at("/moments/1").has("first")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"seen.jpg,100", "expected.jpg,120"})
    void picture_ofAMoment_isThatOfTheNearest(String thing, int level) throws Exception {
        HttpResponse<byte[]> answer = get(thing + "?at=" + time(60.07));

        assertThat(answer.headers().firstValue("content-type")).contains("image/jpeg");
        var image = ImageFile.read(answer.body()).orElseThrow();
        assertThat(image.getWidth()).isEqualTo(64);
        assertThat(image.getRGB(9, 9) & 0xFF).isBetween(level - 2, level + 2);
        String tag = answer.headers().firstValue("etag").orElseThrow();
        HttpRequest again = request(thing + "?at=" + time(60.0))
                .header("If-None-Match", tag)
                .build();
        assertThat(client.send(again, BodyHandlers.ofString()).statusCode()).isEqualTo(304);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "seen.jpg?at=yesterday|400|at 'yesterday' is no time: give at=2026-01-31T12:00:00Z",
                "seen.jpg?at=|400|at '' is no time",
                "seen.jpg?at=-5|400|at '-5' is no time",
                "seen.jpg?at=99999999999999999999|400|is no time",
                "clip.mp4?to=%2B999999999-12-31T23:59:59Z|400|is no time",
                "clip.mp4?to=-0044-03-15T12:00:00Z|400|is no time",
                "surprise.mp4?begin=999999999999999|400|is no time",
                "seen.jpg|400|?at=",
                "seen.jpg?at=2026-01-31T11:00:00Z|404|its history goes back to 2026-01-31T12:00:00Z",
                "expected.jpg?at=2026-01-31T12:00:00Z|404|had no forecast for",
                "picture.jpg?at=2026-01-31T12:00:00Z|404|had no larger picture for",
                "history.json?from=x|400|from 'x' is no time",
                "clip.mp4?from=2026-01-31T12:00:10Z&to=2026-01-31T12:00:09Z|400|exchange them",
                "clip.mp4?from=2026-01-31T12:00:00Z&to=2026-01-31T12:01:01Z|400|a clip has at most 60 seconds",
                "clip.mp4?from=2025-01-31T12:00:00Z&to=2025-01-31T12:00:09Z|404|has nothing from 2025",
                "surprise.mp4|400|?begin=",
                "surprise.mp4?begin=2026-01-31T12:00:00Z|404|no clip of camera front begins at",
                "surprise.mp4?begin=../../etc/passwd|400|is no time",
                "history.jpg|404|nothing here"
            })
    void address_wrong_isOneLineThatNamesItAndTheWayOut(String address, int status, String words) throws Exception {
        HttpResponse<byte[]> answer = get(address);

        assertThat(answer.statusCode()).isEqualTo(status);
        String body = new String(answer.body(), StandardCharsets.UTF_8);
        assertThat(new ObjectMapper().readTree(body).path("error").asText()).contains(words);
        assertThat(body.strip()).doesNotContain("\n");
    }

    @Test
    void camera_ofAnotherName_hasNoPast() throws Exception {
        var answer = client.send(
                HttpRequest.newBuilder(server.address().resolve("cameras/yard/history.json"))
                        .build(),
                BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(404);
    }

    @Test
    void clip_ofAStretch_isAVideo_alsoInRangesAndForHead() throws Exception {
        String address = "clip.mp4?from=" + time(60) + "&to=" + time(70);
        byte[] whole = get(address).body();

        assertThat(new String(whole, 4, 4, StandardCharsets.US_ASCII)).isEqualTo("ftyp");
        assertThat(whole.length).isGreaterThan(1000);
        HttpResponse<byte[]> part =
                client.send(request(address).header("Range", "bytes=100-199").build(), BodyHandlers.ofByteArray());
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(whole, 100, 200));
        HttpResponse<byte[]> head = client.send(
                request(address).method("HEAD", BodyPublishers.noBody()).build(), BodyHandlers.ofByteArray());
        assertThat(head.headers().firstValue("content-length")).contains(String.valueOf(whole.length));
        assertThat(head.body()).isEmpty();
    }

    @Test
    void clips_noneKept_areAnEmptyList() throws Exception {
        JsonNode clips = json("clips.json");

        assertThat(clips.path("clips").isArray()).isTrue();
        assertThat(clips.path("clips")).isEmpty();
    }

    private JsonNode json(String thing) throws IOException, InterruptedException {
        return new ObjectMapper().readTree(get(thing).body());
    }

    private HttpResponse<byte[]> get(String thing) throws IOException, InterruptedException {
        return client.send(request(thing).build(), BodyHandlers.ofByteArray());
    }

    private HttpRequest.Builder request(String thing) {
        return HttpRequest.newBuilder(URI.create(server.address() + "cameras/front/" + thing));
    }
}
