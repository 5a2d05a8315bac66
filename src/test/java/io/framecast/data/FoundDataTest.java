package io.framecast.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.framecast.frame.Frame;
import io.framecast.source.SourceConfig;
import io.framecast.source.Turned;
import io.framecast.source.ffmpeg.TestVideos;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders as people have them: pictures numbered without zeros, damaged ones, and files that belong to no data set. */
class FoundDataTest {
    @TempDir
    Path folder;

    private final List<String> warnings = new ArrayList<>();

    private List<Recording> find(Path place) {
        return new DataSets(
                        SourceConfig.defaults().withFps(240), Optional.empty(), SyntheticSet.Part.TRAIN, warnings::add)
                .find(List.of(place.toString()));
    }

    private static List<Frame> frames(Recording recording) {
        var frames = new ArrayList<Frame>();
        recording.read(frames::add);
        return frames;
    }

    private static byte[] picture(int level, String format) throws IOException {
        var image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        for (int at = 0; at < 64 * 64; at++) {
            image.setRGB(at % 64, at / 64, level * 0x010101);
        }
        var bytes = new ByteArrayOutputStream();
        ImageIO.write(image, format, bytes);
        return bytes.toByteArray();
    }

    /** As {@code ffmpeg -i clip.mp4 frame%d.png} writes them. */
    private void pictures(int count) throws IOException {
        for (int i = 1; i <= count; i++) {
            Files.write(folder.resolve("frame" + i + ".png"), picture(2 * i, "png"));
        }
    }

    @Test
    void read_picturesNumberedWithoutZeros_comeInTheOrderOfTheirNumbers() throws IOException {
        pictures(120);
        assertThat(frames(find(folder).get(0)))
                .extracting(frame -> frame.pixels().at(0))
                .isEqualTo(IntStream.rangeClosed(1, 120).map(i -> 2 * i).boxed().toList());
        assertThat(warnings).isEmpty();
    }

    @Test
    void read_aPictureOfNoBytes_breaksTheStretchAndCostsOneLine() throws IOException {
        pictures(120);
        Files.write(folder.resolve("frame60.png"), new byte[0]);

        List<Frame> frames = frames(find(folder).get(0));

        assertThat(frames).hasSize(119);
        assertThat(frames.get(58).epoch()).isLessThan(frames.get(59).epoch());
        assertThat(frames.get(59).pixels().at(0)).isEqualTo(122);
        assertThat(warnings)
                .containsExactly("folder '" + folder.getFileName() + "' has 1 of 120 pictures that cannot be read:"
                        + " frame60.png (left out; no window spans the gap)");
        assertThat(Clip.of(find(folder).get(0)).orElseThrow().stretches())
                .extracting(List::size)
                .containsExactly(59, 60);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "cut off", "web page"})
    void read_picturesThatAreDamagedInOtherWays_areLeftOutAlone(String damage) throws IOException {
        pictures(12);
        byte[] whole = picture(200, "png");
        byte[] bytes = damage.equals("cut off")
                ? Arrays.copyOf(whole, whole.length / 2)
                : (damage.equals("text") ? "sorry" : "<html><body>403</body></html>").getBytes(StandardCharsets.UTF_8);
        for (int i = 5; i <= 9; i++) {
            Files.write(folder.resolve("frame" + i + ".png"), bytes);
        }
        assertThat(frames(find(folder).get(0))).hasSize(7);
        assertThat(warnings)
                .singleElement()
                .asString()
                .contains("has 5 of 12 pictures", "frame5.png, frame6.png, frame7.png and others (left out");
    }

    @Test
    void read_picturesOfAPhone_areUpright() throws IOException {
        for (int orientation = 1; orientation <= 8; orientation++) {
            Files.write(folder.resolve(orientation + ".jpg"), Turned.jpeg(orientation));
        }
        List<Frame> frames = frames(find(folder).get(0));
        assertThat(frames).hasSize(8);
        assertThat(frames)
                .allSatisfy(frame -> assertThat(List.of(
                                frame.pixels().at(0) > 100,
                                frame.pixels().at(63 * 3) > 100,
                                frame.pixels().at(63 * 64 * 3) > 100,
                                frame.pixels().at((63 * 64 + 63) * 3) > 100))
                        .as("red is high in the red and the yellow corner only")
                        .containsExactly(true, false, false, true));
    }

    @Test
    void find_strayFiles_arePassedOverInOneLine() throws IOException {
        TestVideos.write(folder.resolve("clip.mkv"), 64, 64, 3, 10);
        TestVideos.write(folder.resolve("a.mkv"), 64, 64, 3, 10);
        Files.move(folder.resolve("a.mkv"), folder.resolve("camera recording"));
        for (String stray : List.of("Thumbs.db", ".DS_Store", "notes.txt", "labels.csv", "._clip.mkv", "README")) {
            Files.writeString(folder.resolve(stray), "no video");
        }
        Files.createFile(folder.resolve("empty"));
        Path thumbnails = Files.createDirectory(folder.resolve("@eaDir"));
        Files.write(thumbnails.resolve("clip.jpg"), picture(100, "jpg"));
        Path git = Files.createDirectories(folder.resolve(".git/objects"));
        TestVideos.write(git.resolve("old.mkv"), 64, 64, 3, 10);

        assertThat(find(folder)).extracting(Recording::name).containsExactly("camera recording", "clip.mkv");
        assertThat(warnings)
                .containsExactly("folder '" + folder + "' also has what is no video, picture or array: .DS_Store,"
                        + " ._clip.mkv, .git, @eaDir, README and 4 more (passed over)");
    }

    @Test
    void find_aVideoThatIsNamedAsSuchAndDamaged_isNamedByItself() throws IOException {
        Files.writeString(folder.resolve("broken.mp4"), "no video");
        List<Recording> found = find(folder);
        assertThat(warnings).isEmpty();
        assertThat(found).hasSize(1);
        assertThat(new ClipReader(folder.resolve("frames"), warnings::add).clips(found))
                .isEmpty();
        assertThat(warnings).singleElement().asString().contains("broken.mp4 is not a video", "(left out)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"12:30:45.mp4", "two\nlines.mp4", "%03d.mp4", "vidéo.mp4", "-x=y.mp4", "test:street"})
    void find_videosOfAnyName_areReadAndNamedInOneLine(String name) throws IOException {
        Path video = TestVideos.write(folder.resolve("clip.mkv"), 64, 64, 3, 10);
        Path named = Files.move(video, folder.resolve(name));
        for (Path place : List.of(folder, named)) {
            List<Recording> found = find(place);
            assertThat(found).hasSize(1);
            assertThat(found.get(0).name()).hasLineCount(1).isEqualTo(name.replace("\n", "\\n"));
            assertThat(frames(found.get(0))).hasSize(3);
        }
    }

    @Test
    void find_aNameThatCannotBe_isLeftOutAlone() {
        Path video = TestVideos.write(folder.resolve("clip.mkv"), 64, 64, 3, 10);
        var sets = new DataSets(SourceConfig.defaults(), Optional.empty(), SyntheticSet.Part.TRAIN, warnings::add);

        assertThat(sets.find(List.of(folder + "/vid\uFFFDo.mp4", "a\0b", video.toString())))
                .extracting(Recording::name)
                .containsExactly("clip.mkv");

        assertThat(warnings).hasSize(2);
        assertThat(warnings.get(0)).contains("vid\uFFFDo.mp4' is not there, or its name is not UTF-8: give the folder");
        assertThat(warnings.get(1)).contains("data 'a\\u0000b' has a name that file names in this locale cannot have");
        assertThatThrownBy(() -> sets.find(List.of("nowhere\nat all")))
                .hasMessageStartingWith("data 'nowhere\\nat all' is not there;");
    }
}
