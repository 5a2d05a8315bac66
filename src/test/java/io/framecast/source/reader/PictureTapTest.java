package io.framecast.source.reader;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.framecast.frame.CameraPicture;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameId;
import io.framecast.source.Fit;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceSpec;
import io.framecast.source.ffmpeg.TestVideos;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

class PictureTapTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final SourceConfig PICTURES =
            SourceConfig.builder().pictures(true).build();

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "1280, 720, STRETCH, 640, 360",
        "320, 240, STRETCH, 320, 240",
        "360, 1280, STRETCH, 180, 640",
        "1280, 720, CROP, 640, 640",
        "320, 240, LETTERBOX, 240, 240"
    })
    void pictures_ofAFile_areItsOwnUpTo640Pixels(int width, int height, Fit fit, int shownWidth, int shownHeight)
            throws IOException {
        var file = TestVideos.write(folder.resolve("a.mkv"), width, height, 4, 10);

        var taken = taken("cam=" + file, PICTURES.toBuilder().fit(fit).build());

        CameraPicture picture = taken.pictures().get(0);
        assertThat(picture.width()).isEqualTo(shownWidth);
        assertThat(picture.height()).isEqualTo(shownHeight);
        Frame frame = taken.frameOf(picture);
        assertThat(picture.captureTime()).isEqualTo(frame.captureTime());
        BufferedImage image =
                ImageIO.read(new ByteArrayInputStream(picture.jpeg().toByteArray()));
        assertThat(image.getWidth()).isEqualTo(shownWidth);
        assertThat(image.getHeight()).isEqualTo(shownHeight);
        assertThat(difference(image, frame)).as("levels").isLessThan(6);
    }

    @Test
    void pictures_ofAScene_areLargerThanItsFrames() throws IOException {
        var taken = taken("test:street", PICTURES);

        CameraPicture picture = taken.pictures().get(0);
        assertThat(picture.width()).isEqualTo(512);
        BufferedImage image =
                ImageIO.read(new ByteArrayInputStream(picture.jpeg().toByteArray()));
        assertThat(difference(image, taken.frameOf(picture))).isLessThan(6);
    }

    @Test
    void pictures_notAskedFor_areNotMade() {
        assertThat(taken("test:street", SourceConfig.defaults()).pictures()).isEmpty();
    }

    @Test
    void pictures_whoseReaderIsSlow_keepNoFrameWaiting() {
        var source = FrameSources.open(SourceSpec.parse("test:street"), PICTURES);
        var slow = source.pictures().onBackpressureDrop().concatMap(picture -> Mono.never(), 1);
        var watching = slow.subscribe();

        assertThat(source.frames().take(12).collectList().blockOptional(LIMIT).orElseThrow())
                .extracting(Frame::sequence)
                .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L);
        watching.dispose();
    }

    private record Taken(List<CameraPicture> pictures, Map<FrameId, Frame> frames) {
        Frame frameOf(CameraPicture picture) {
            return requireNonNull(frames.get(picture.frame()), "a frame was made of the same picture");
        }
    }

    /** The first frames of a source, and the pictures that came with them. */
    private static Taken taken(String spec, SourceConfig config) {
        var source = FrameSources.open(SourceSpec.parse(spec), config);
        var pictures = new CopyOnWriteArrayList<CameraPicture>();
        var watching = source.pictures().subscribe(pictures::add);
        var frames = new HashMap<FrameId, Frame>();
        source.frames().take(8).toStream().forEach(frame -> frames.put(frame.id(), frame));
        if (config.pictures()) {
            await().until(() -> !pictures.isEmpty());
        }
        watching.dispose();
        return new Taken(List.copyOf(pictures), frames);
    }

    /** The mean difference of a picture and a frame, both averaged over eighths of their sides. */
    private static double difference(BufferedImage image, Frame frame) {
        double sum = 0;
        for (int row = 0; row < 8; row++) {
            for (int column = 0; column < 8; column++) {
                sum += Math.abs(mean(image, column, row) - mean(frame, column, row));
            }
        }
        return sum / 64;
    }

    private static double mean(BufferedImage image, int column, int row) {
        double sum = 0;
        int width = image.getWidth() / 8;
        int height = image.getHeight() / 8;
        for (int y = row * height; y < (row + 1) * height; y++) {
            for (int x = column * width; x < (column + 1) * width; x++) {
                sum += image.getRGB(x, y) >> 8 & 0xFF;
            }
        }
        return sum / width / height;
    }

    private static double mean(Frame frame, int column, int row) {
        double sum = 0;
        for (int y = row * 8; y < (row + 1) * 8; y++) {
            for (int x = column * 8; x < (column + 1) * 8; x++) {
                sum += frame.pixels().at((y * 64 + x) * 3 + 1);
            }
        }
        return sum / 64;
    }
}
