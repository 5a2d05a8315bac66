package io.framecast.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.framecast.export.ImageFile;
import io.framecast.export.Mp4Clips;
import io.framecast.frame.CameraPicture;
import io.framecast.frame.EncodedImage;
import io.framecast.preview.CameraViews;
import io.framecast.preview.clips.ClipFolder;
import io.framecast.preview.history.Scene;
import io.framecast.preview.http.Health;
import io.framecast.preview.http.HttpConfig;
import io.framecast.preview.http.PreviewServer;
import io.framecast.topic.ForecastCodec;
import io.framecast.topic.FrameCodec;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.PictureCodec;
import io.framecast.topic.RawPublisher;
import io.framecast.topic.SurpriseCodec;
import io.framecast.topic.TopicAdmin;
import io.framecast.topic.TopicKind;
import io.framecast.topic.broker.EmbeddedBroker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The past, from records on a real broker to answers over HTTP and a clip on disk. */
class PastIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String KEY = "front";

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final CameraViews views = new CameraViews();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    @TempDir
    Path directory;

    @Test
    void records_ofTheTopics_areThePastOverHttp_andASurpriseIsAClipOnDisk() throws Exception {
        var broker = new BrokerConfig(Optional.empty(), 0, "framecast", Map.of(), Optional.empty(), directory, false);
        var http = new HttpConfig("127.0.0.1", 0, Optional.empty());
        var config = new NodeConfig(
                broker,
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.of(new PreviewConfig(http, true, false, 5)),
                Optional.empty());
        try (var kafkaBroker = EmbeddedBroker.start(directory.resolve("kafka"), 0);
                var past = PreviewPast.of(config, metrics, Scene.BEGIN);
                var server = PreviewServer.start(
                        http, views, past.shown(), Health.READY, () -> "", new Mp4Clips(), Optional.empty())) {
            var kafka = new KafkaConnection(kafkaBroker.bootstrap(), "framecast", Map.of());
            new TopicAdmin(kafka).create(Optional.empty());
            try (var preview = new PreviewRole(kafka, views, past);
                    var publisher = new RawPublisher(kafka)) {
                preview.start();
                awaitFirst(publisher);
                play(publisher);
                String camera = server.address() + "cameras/front/";
                await().atMost(SOON)
                        .until(() -> json(camera + "clips.json").path("clips").size() == 1);

                JsonNode history = json(camera + "history.json?from=" + Scene.time(10) + "&to=" + Scene.time(11));
                assertThat(history.path("moments")).hasSize(6);
                JsonNode moment = history.at("/moments/2");
                assertThat(moment.path("timeMs").asLong())
                        .isEqualTo(Scene.time(10.4).toEpochMilli());
                assertThat(moment.path("leadMs").asInt()).isBetween(700, 1300);
                assertThat(moment.path("error").asDouble()).isBetween(0.05, 0.9);
                assertThat(moment.path("picture").asBoolean()).isTrue();

                HttpResponse<byte[]> picture = get(camera + "picture.jpg?at=" + Scene.time(10.4));
                assertThat(picture.statusCode()).isEqualTo(200);
                assertThat(picture.body()).isEqualTo(picture(10.4).jpeg().toByteArray());
                assertThat(get(camera + "seen.jpg?at=" + Scene.time(10.4)).statusCode())
                        .isEqualTo(200);

                HttpResponse<byte[]> clip = get(
                        camera + json(camera + "clips.json").at("/clips/0/link").asText());
                assertThat(clip.headers().firstValue("content-type")).contains("video/mp4");
                assertThat(new String(clip.body(), 4, 4, StandardCharsets.US_ASCII))
                        .isEqualTo("ftyp");
                assertThat(metrics.counter("framecast.clips", "result", "kept").count())
                        .isEqualTo(1);
                assertThat(new ClipFolder(directory.resolve("clips"), 5).find(Scene.CAMERA, Scene.time(10)))
                        .as("after a restart")
                        .isPresent();
            }
        }
    }

    /** The role reads from the ends of its topics: until it has begun to, nothing reaches it. */
    private void awaitFirst(RawPublisher publisher) {
        await().atMost(SOON).pollInterval(Duration.ofMillis(200)).until(() -> {
            publisher.publish(TopicKind.FRAMES, KEY, FrameCodec.encode(Scene.frame(0, 100)));
            publisher.publish(TopicKind.PICTURES, KEY, PictureCodec.encode(picture(0)));
            return views.view(Scene.CAMERA)
                    .filter(view -> view.frame().isPresent() && view.picture().isPresent())
                    .isPresent();
        });
    }

    private static void play(RawPublisher publisher) {
        for (int i = 1; i <= 150; i++) {
            double seconds = i / 10.0;
            publisher.publish(TopicKind.FRAMES, KEY, FrameCodec.encode(Scene.frame(seconds, 100)));
            if (i % 5 == 0) {
                publisher.publish(TopicKind.FORECASTS, KEY, ForecastCodec.encode(Scene.forecast(seconds, 150)));
            }
            if (i % 2 == 0) {
                publisher.publish(TopicKind.PICTURES, KEY, PictureCodec.encode(picture(seconds)));
            }
            pause();
        }
        publisher.publish(TopicKind.STRETCHES, KEY, SurpriseCodec.encode(Scene.stretch(10, 10, false)));
        publisher.publish(TopicKind.STRETCHES, KEY, SurpriseCodec.encode(Scene.stretch(10, 12, true)));
    }

    /** A frame must not overtake the forecasts made before it, which come from another topic. */
    private static void pause() {
        await().pollDelay(Duration.ofMillis(20)).until(() -> true);
    }

    private static CameraPicture picture(double seconds) {
        var image = new BufferedImage(160, 90, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, (int) Math.round(seconds * 1000));
        return new CameraPicture(
                Scene.CAMERA,
                Scene.frame(seconds, 100).id(),
                Scene.time(seconds),
                160,
                90,
                EncodedImage.copyOf(ImageFile.jpeg(image)));
    }

    private JsonNode json(String address) throws IOException, InterruptedException {
        return new ObjectMapper().readTree(get(address).body());
    }

    private HttpResponse<byte[]> get(String address) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofByteArray());
    }
}
