package io.framecast.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.framecast.frame.Frame;
import io.framecast.frame.Pixels;
import io.framecast.source.Pace;
import io.framecast.source.SourceConfig;
import io.framecast.source.ffmpeg.TestVideos;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSetsTest {
    private static final SourceConfig READING = SourceConfig.defaults().withFps(240);

    @TempDir
    Path folder;

    private final List<String> warnings = new ArrayList<>();

    @Test
    void find_inAFolder_takesVideosArraysAndFoldersOfPictures() throws IOException {
        TestVideos.write(folder.resolve("clip.mkv"), 64, 64, 3, 10);
        npy(folder.resolve("frames.npy"), "(2, 64, 64, 3)", 2 * 64 * 64 * 3);
        pictures(folder.resolve("walk"), 4, 64);
        Path other = Files.createDirectory(folder.resolve("other"));
        TestVideos.write(other.resolve("clip.mkv"), 64, 64, 3, 10);
        List<Recording> found = find(folder.toString());
        assertThat(found)
                .extracting(Recording::name)
                .containsExactly(
                        "clip.mkv", "frames.npy", other.resolve("clip.mkv").toString(), "walk");
        assertThat(found).extracting(recording -> frames(recording).size()).containsExactly(3, 2, 3, 4);
    }

    @Test
    void pictures_areDecodedAndResizedLikeAVideoOfThem() throws IOException {
        Path video = TestVideos.write(folder.resolve("video.mkv"), 100, 80, 3, 10);
        Path pictures = Files.createDirectory(folder.resolve("pictures"));
        for (int i = 0; i < 3; i++) {
            var image = new BufferedImage(100, 80, BufferedImage.TYPE_INT_RGB);
            for (int y = 0; y < 80; y++) {
                for (int x = 0; x < 100; x++) {
                    image.setRGB(x, y, TestVideos.MOVING.colour(i, x, y));
                }
            }
            ImageIO.write(image, "png", pictures.resolve(i + ".png").toFile());
        }
        List<Frame> fromPictures = frames(find(pictures.toString()).get(0));
        assertThat(fromPictures).hasSize(3);
        assertThat(largestDifference(fromPictures, frames(find(video.toString()).get(0))))
                .as("levels: the scaler takes RGB with and without a fourth byte apart")
                .isLessThanOrEqualTo(1);
        assertThat(fromPictures.get(2).captureTime())
                .isEqualTo(fromPictures.get(0).captureTime().plusMillis(200));
    }

    @Test
    void npy_ofAnotherSize_isResizedLikeAVideoOfIt() throws IOException {
        Path video = TestVideos.write(folder.resolve("video.mkv"), 100, 80, 4, 10);
        var bytes = new ByteArrayOutputStream();
        for (int i = 0; i < 4; i++) {
            for (int y = 0; y < 80; y++) {
                for (int x = 0; x < 100; x++) {
                    int colour = TestVideos.MOVING.colour(i, x, y);
                    bytes.write(colour >> 16);
                    bytes.write(colour >> 8);
                    bytes.write(colour);
                }
            }
        }
        Path array = folder.resolve("array.npy");
        npy(array, "(4, 80, 100, 3)", bytes.toByteArray());
        List<Frame> frames = frames(find(array.toString()).get(0));
        assertThat(frames).hasSize(4);
        assertThat(largestDifference(frames, frames(find(video.toString()).get(0))))
                .isLessThanOrEqualTo(1);
    }

    @Test
    void npy_ofSequences_isAnEpochEach() throws IOException {
        Path array = folder.resolve("grey.npy");
        byte[] values = new byte[2 * 3 * 64 * 64];
        values[3 * 64 * 64] = 77; // the first pixel of the second sequence
        npy(array, "(2, 3, 64, 64, 1)", values);
        List<Frame> frames = frames(find(array.toString()).get(0));
        assertThat(frames).extracting(Frame::sequence).containsExactly(0L, 1L, 2L, 0L, 1L, 2L);
        assertThat(frames).extracting(Frame::epoch).containsExactly(1L, 1L, 1L, 2L, 2L, 2L);
        assertThat(frames.get(3).pixels().at(0)).isEqualTo(77);
        assertThat(frames.get(3).pixels().at(2))
                .as("grey is equal red, green and blue")
                .isEqualTo(77);
        Clip clip = Clip.of(find(array.toString()).get(0)).orElseThrow();
        assertThat(clip.stretches()).hasSize(2);
        assertThat(clip.has(3)).isTrue();
        assertThat(clip.has(4)).as("no window spans two sequences").isFalse();
    }

    @Test
    void npy_thatIsDamaged_isNamedWithTheReason() throws IOException {
        Path cut = folder.resolve("cut.npy");
        npy(cut, "(2, 64, 64, 3)", 64 * 64 * 3);
        expectUnreadable(cut, "cut off");
        Path floats = folder.resolve("floats.npy");
        Files.write(floats, header("<f4", "(2, 64, 64, 3)"));
        expectUnreadable(floats, "cut off");
        Path complex = folder.resolve("complex.npy");
        Files.write(complex, header("<c8", "(2, 64, 64, 3)"));
        expectUnreadable(complex, "its values are of type <c8; save frames.astype('float64')");
        Path objects = folder.resolve("objects.npy");
        Files.write(objects, header("|O", "(2,)"));
        expectUnreadable(objects, "save each clip in a file of its own");
        Path flat = folder.resolve("flat.npy");
        npy(flat, "(2, 64)", 128);
        expectUnreadable(flat, "[2, 64] is not (T, H, W, C)");
        Path text = folder.resolve("text.npy");
        Files.writeString(text, "hello, I am text");
        expectUnreadable(text, "no .npy file");
    }

    @Test
    void find_ofWhatIsNotThere_saysSo() {
        assertThatThrownBy(() -> find("nowhere")).hasMessageContaining("data 'nowhere' is not there");
        assertThatThrownBy(() -> find("synthetic:digits"))
                .hasMessageContaining("'synthetic:digits' is unknown: use synthetic:moving-digits");
        assertThatThrownBy(() -> find("synthetic:moving-digits")).hasMessageContaining("give --digits FILE");
        assertThatThrownBy(() -> find("synthetic:bouncing-shapes?number=3"))
                .hasMessageContaining("unknown setting: it may have sequences");
        assertThatThrownBy(() -> find("synthetic:bouncing-shapes?sequences=0"))
                .hasMessageContaining("'0': use a whole number from 1");
    }

    @Test
    void split_byClip_isDrawnByTheSeedAndNeverShares() {
        List<Recording> ten = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            ten.add(new NpyRecording("clip" + i, folder, READING));
        }
        Split split = Split.byClip(ten, 0.2, 1);
        assertThat(split.validation()).hasSize(2);
        assertThat(split.training()).hasSize(8).doesNotContainAnyElementsOf(split.validation());
        assertThat(Split.byClip(ten, 0.2, 1)).isEqualTo(split);
        assertThat(List.of(2L, 3L, 4L))
                .anySatisfy(seed -> assertThat(Split.byClip(ten, 0.2, seed)).isNotEqualTo(split));
        assertThat(Split.byClip(ten.subList(0, 1), 0.2, 1).validation()).isEmpty();
        assertThat(Split.byClip(ten, 0, 1).validation()).isEmpty();
        assertThatThrownBy(() -> Split.byClip(ten, 1, 1)).hasMessageContaining("validation share 1.0");
    }

    private List<Recording> find(String data) {
        return new DataSets(READING.withPace(Pace.REALTIME), Optional.empty(), SyntheticSet.Part.TRAIN, warnings::add)
                .find(List.of(data));
    }

    private static List<Frame> frames(Recording recording) {
        var frames = new ArrayList<Frame>();
        recording.read(frames::add);
        return frames;
    }

    private static int largestDifference(List<Frame> some, List<Frame> others) {
        int largest = 0;
        for (int i = 0; i < some.size(); i++) {
            Pixels one = some.get(i).pixels();
            for (int at = 0; at < one.size(); at++) {
                largest = Math.max(
                        largest, Math.abs(one.at(at) - others.get(i).pixels().at(at)));
            }
        }
        return largest;
    }

    private void expectUnreadable(Path file, String why) {
        assertThatThrownBy(() -> frames(find(file.toString()).get(0)))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("array " + file)
                .hasMessageContaining(why);
    }

    private static void pictures(Path folder, int count, int side) throws IOException {
        Files.createDirectory(folder);
        for (int i = 0; i < count; i++) {
            ImageIO.write(
                    new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB),
                    "png",
                    folder.resolve("frame" + i + ".png").toFile());
        }
    }

    private static void npy(Path file, String shape, int bytes) throws IOException {
        npy(file, shape, new byte[bytes]);
    }

    private static void npy(Path file, String shape, byte[] values) throws IOException {
        var out = new ByteArrayOutputStream();
        out.write(header("|u1", shape));
        out.write(values);
        Files.write(file, out.toByteArray());
    }

    private static byte[] header(String type, String shape) {
        String text = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }\n";
        var head = new byte[10];
        System.arraycopy(
                new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) text.length(), 0}, 0, head, 0, 10);
        var out = new ByteArrayOutputStream();
        out.writeBytes(head);
        out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        return out.toByteArray();
    }
}
