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
import io.framecast.source.Turned;
import io.framecast.source.reader.FrameSources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file may have any name: none is taken for a protocol, a pattern, an option or a line break. */
class FileNamesTest {
    @TempDir
    Path folder;

    private static List<Frame> frames(String source) {
        return FrameSources.open(
                        SourceSpec.parse("cam=" + source),
                        SourceConfig.defaults().withPace(Pace.MAX))
                .frames()
                .collectList()
                .blockOptional()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "12:30:45.mp4",
                "concat:a|b.mp4",
                "http:clip.mp4",
                "pipe:0",
                "100%.mp4",
                "%03d.mp4",
                "%41.mp4",
                "-i.mp4",
                "-",
                "two words .mp4",
                " leading.mp4",
                "two\nlines.mp4",
                "tab\t.mp4",
                "*.mp4",
                "[a]{b}?.mp4",
                "it's \"quoted\" \\ back.mp4",
                "#1 & $HOME;.mp4",
                "vidéo 日本 🎥.mp4",
                "0",
                "@clip.mp4",
                "test:street",
                "file:clip.mp4"
            })
    void frames_ofAVideo_areReadWhateverItsName(String name) throws IOException {
        TestVideos.write(folder.resolve("clip.mkv"), 64, 64, 10, 10);
        Path file = Files.move(folder.resolve("clip.mkv"), folder.resolve(name));

        assertThat(frames(file.toString())).hasSize(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%03d.png", "%d.jpg", "*.png", "{a,b}.png", "12:30.png", "[0-9].bmp", "a?.tif"})
    void frames_ofAPicture_areOfThisOneWhateverItsName(String name) throws IOException {
        Files.write(folder.resolve("001.png"), new byte[] {1, 2, 3});
        Files.write(folder.resolve("1.jpg"), new byte[] {1, 2, 3});
        String extension = name.substring(name.lastIndexOf('.') + 1);
        Path file = folder.resolve(name);
        assertThat(ImageIO.write(Turned.image(1), extension, file.toFile())).isTrue();

        assertThat(frames(file.toString())).hasSize(1);
    }

    @Test
    void frames_ofANameWithALineBreak_failInOneLine() {
        assertThatThrownBy(() -> frames(folder.resolve("no\nsuch\u001B[2J.mp4").toString()))
                .isInstanceOf(SourceException.class)
                .hasMessageEndingWith("/no\\nsuch\\u001b[2J.mp4 does not exist: check the path");
    }

    @Test
    void frames_ofANameThatNoFileCanHave_failAsThoseOfAMissingFile() {
        assertThatThrownBy(() -> frames(folder + "/a\0b.mp4"))
                .isInstanceOfSatisfying(
                        SourceException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(SourceException.Reason.NO_SUCH_FILE))
                .hasMessageContaining("a\\u0000b.mp4 has a name that file names in this locale cannot have");
    }

    @Test
    void frames_ofANameThatWasNotUtf8_sayWhatMayBeWrong() {
        assertThatThrownBy(() -> frames(folder + "/vid\uFFFDo.mp4"))
                .hasMessageContaining("does not exist, or its name is not UTF-8: give the file another name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"12:30:45.mp4", "%03d.mp4", "two\nlines.mp4"})
    void write_ofAnyName_makesThatFile(String name) {
        Path file = folder.resolve(name);
        var picture = Pixels.copyOf(new byte[FrameShape.STANDARD.bytes()]);

        Mp4File.write(file, FrameShape.STANDARD, Collections.nCopies(5, picture), Duration.ofMillis(100));

        assertThat(frames(file.toString())).hasSize(5);
    }
}
