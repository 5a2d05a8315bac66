package io.framecast.source.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.source.Pace;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceException;
import io.framecast.source.SourceSpec;
import io.framecast.source.reader.FrameSources;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Mp4FileTest {
    private static final Duration INTERVAL = Duration.ofMillis(100);
    private static final FrameShape SHAPE = FrameShape.STANDARD;

    @TempDir
    Path folder;

    /** A coloured square that moves right over colours that run into each other. */
    private static List<Pixels> pictures(int count) {
        var pictures = new ArrayList<Pixels>();
        for (int index = 0; index < count; index++) {
            var bytes = new byte[SHAPE.bytes()];
            for (int row = 0; row < SHAPE.height(); row++) {
                for (int column = 0; column < SHAPE.width(); column++) {
                    boolean square = row >= 20 && row < 36 && column >= index && column < index + 16;
                    int at = (row * SHAPE.width() + column) * 3;
                    bytes[at] = (byte) (square ? 220 : 2 * row);
                    bytes[at + 1] = (byte) (square ? 40 : 60 + 2 * column);
                    bytes[at + 2] = (byte) (square ? 60 : 200 - row);
                }
            }
            pictures.add(Pixels.copyOf(bytes));
        }
        return pictures;
    }

    @Test
    void write_anyFile_hasItsIndexBeforeThePictures() throws Exception {
        Path file = folder.resolve("clip.mp4");

        Mp4File.write(file, SHAPE, pictures(32), INTERVAL);

        var bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        assertThat(bytes.indexOf("moov")).isPositive().isLessThan(bytes.indexOf("mdat"));
    }

    @Test
    void write_readBack_isTheSamePicturesAtTheSamePace() {
        Path file = folder.resolve("clip.mp4");
        List<Pixels> pictures = pictures(32);

        Mp4File.write(file, SHAPE, pictures, INTERVAL);

        List<Frame> frames = FrameSources.open(
                        SourceSpec.parse("cam=" + file), SourceConfig.defaults().withPace(Pace.MAX))
                .frames()
                .collectList()
                .blockOptional(Duration.ofSeconds(20))
                .orElseThrow();
        assertThat(frames).hasSize(32);
        for (int i = 0; i < frames.size(); i++) {
            assertThat(meanDifference(frames.get(i).pixels(), pictures.get(i)))
                    .as("levels, frame %d", i)
                    .isLessThan(4);
            assertThat(frames.get(i).captureTime())
                    .isEqualTo(frames.get(0).captureTime().plus(INTERVAL.multipliedBy(i)));
        }
    }

    private static double meanDifference(Pixels one, Pixels other) {
        double sum = 0;
        for (int i = 0; i < one.size(); i++) {
            sum += Math.abs(one.at(i) - other.at(i));
        }
        return sum / one.size();
    }

    @Test
    void write_whereItCannot_saysSoWithTheWayOut() {
        assertThatThrownBy(() -> Mp4File.write(folder.resolve("none/clip.mp4"), SHAPE, pictures(1), INTERVAL))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("none/clip.mp4' could not be written")
                .hasMessageContaining("there is no folder '" + folder.resolve("none") + "'; make it");
        assertThatThrownBy(() -> Mp4File.write(folder, SHAPE, pictures(1), INTERVAL))
                .hasMessageContaining("it is a folder; give the name of a file");
        assertThatThrownBy(() -> Mp4File.write(Path.of("/dev/full"), SHAPE, pictures(1), INTERVAL))
                .hasMessageContaining("give a folder with room for it");
    }
}
