package io.framecast.source.ffmpeg;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.ffmpeg.global.avutil.AV_FRAME_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_new_side_data;

import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.source.Fit;
import io.framecast.source.Pace;
import io.framecast.source.Region;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceSpec;
import io.framecast.source.Turned;
import io.framecast.source.reader.FrameSources;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacv.FFmpegFrameRecorder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures are seen as they were taken, whichever way the camera was held. */
class OrientationTest {
    private static final int ONE = 1 << 16;

    /** The display matrices (a, b, c, d) of EXIF's orientations 1 to 8, from their definition in FFmpeg's display.h. */
    private static final List<int[]> MATRICES = List.of(
            new int[] {1, 0, 0, 1},
            new int[] {-1, 0, 0, 1},
            new int[] {-1, 0, 0, -1},
            new int[] {1, 0, 0, -1},
            new int[] {0, 1, 1, 0},
            new int[] {0, 1, -1, 0},
            new int[] {0, -1, -1, 0},
            new int[] {0, -1, 1, 0});

    @TempDir
    Path folder;

    @BeforeAll
    static void load() {
        Ffmpeg.load();
    }

    static IntStream orientations() {
        return IntStream.rangeClosed(1, 8);
    }

    static Stream<Arguments> orientationsAndFits() {
        return orientations()
                .boxed()
                .flatMap(orientation -> Stream.of(Fit.values()).map(fit -> Arguments.of(orientation, fit)));
    }

    private static int[] matrix(int orientation) {
        int[] parts = MATRICES.get(orientation - 1);
        return new int[] {parts[0] * ONE, parts[1] * ONE, 0, parts[2] * ONE, parts[3] * ONE, 0, 0, 0, 1 << 30};
    }

    @ParameterizedTest
    @MethodSource("orientationsAndFits")
    void scale_turnedPicture_isAsIfItHadBeenStoredUpright(int orientation, Fit fit) {
        for (var shape : List.of(FrameShape.STANDARD, new FrameShape(70, 90, 3))) {
            assertThat(largestDifference(scaled(orientation, fit, shape), scaled(1, fit, shape)))
                    .isLessThanOrEqualTo(1);
        }
    }

    private static Pixels scaled(int orientation, Fit fit, FrameShape shape) {
        var side = Turned.isOnItsSide(orientation);
        var frame = TestVideos.frame(side ? Turned.HEIGHT : Turned.WIDTH, side ? Turned.WIDTH : Turned.HEIGHT);
        TestVideos.paint(frame, 0, (index, x, y) -> Turned.stored(orientation, x, y));
        var data = av_frame_new_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX, 9L * Integer.BYTES);
        new IntPointer(data.data()).put(matrix(orientation));
        try (var scaler = new FfmpegScaler(shape, fit)) {
            return scaler.scale(frame);
        } finally {
            av_frame_free(frame);
        }
    }

    @Test
    void scale_orientationChanges_followsIt() {
        assertThat(IntStream.of(1, 6, 3, 8, 1)
                        .mapToObj(orientation -> scaled(orientation, Fit.LETTERBOX, FrameShape.STANDARD)))
                .allSatisfy(pixels -> assertThat(
                                largestDifference(pixels, scaled(1, Fit.LETTERBOX, FrameShape.STANDARD)))
                        .isLessThanOrEqualTo(1));
    }

    @Test
    void ofMatrix_noQuarterTurn_leavesThePicture() {
        assertThat(Orientation.ofMatrix(46341, 46341, -46341, 46341)).isEqualTo(Orientation.UPRIGHT);
        assertThat(Orientation.ofMatrix(0, 0, 0, 0)).isEqualTo(Orientation.UPRIGHT);
        assertThat(Orientation.ofMatrix(-65536, 300, -300, Integer.MIN_VALUE))
                .as("rounded")
                .isEqualTo(Orientation.ofExif("3"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "9", "", "upright", "-6"})
    void ofExif_noOrientation_leavesThePicture(String number) {
        assertThat(Orientation.ofExif(number)).isEqualTo(Orientation.UPRIGHT);
    }

    @ParameterizedTest
    @MethodSource("orientations")
    void frames_ofAVideoWithADisplayMatrix_areUpright(int orientation) throws Exception {
        var upright = write(folder.resolve("upright.mov"), 1);
        var video = write(folder.resolve("phone.mov"), orientation);
        for (var fit : Fit.values()) {
            var frames = frames(video.toString(), fit);
            assertThat(frames).hasSize(3);
            assertThat(largestDifference(
                            frames.get(2).pixels(),
                            frames(upright.toString(), fit).get(2).pixels()))
                    .isLessThanOrEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("orientations")
    void frames_ofAJpegWithExif_areUpright(int orientation) throws Exception {
        var upright = Files.write(folder.resolve("upright.jpg"), Turned.jpeg(1));
        var picture = Files.write(folder.resolve("phone.jpg"), Turned.jpeg(orientation));

        assertThat(meanDifference(
                        frames(picture.toString(), Fit.CROP).get(0).pixels(),
                        frames(upright.toString(), Fit.CROP).get(0).pixels()))
                .as("levels; JPEG loses a little")
                .isLessThan(1.5);
    }

    @ParameterizedTest
    @EnumSource(Fit.class)
    void frames_ofATurnedPicture_showWhatIsSeen(Fit fit) throws Exception {
        var picture = Files.write(folder.resolve("phone.jpg"), Turned.jpeg(6));

        var pixels = frames(picture.toString(), fit).get(0).pixels();

        var left = fit == Fit.LETTERBOX ? 20 : 5;
        assertThat(colour(pixels, left, 5)).as("top left").isEqualTo("red");
        assertThat(colour(pixels, 63 - left, 5)).as("top right").isEqualTo("blue");
        assertThat(colour(pixels, left, 58)).as("bottom left").isEqualTo("green");
        assertThat(colour(pixels, 0, 5)).as("left edge").isEqualTo(fit == Fit.LETTERBOX ? "none" : "red");
    }

    @ParameterizedTest
    @MethodSource("orientations")
    void frames_ofARegion_showThatPartOfWhatIsSeen(int orientation) throws Exception {
        var video = write(folder.resolve("phone.mov"), orientation);
        // Columns 36 to 60 and rows 56 to 104: a quarter of each colour, around the middle.
        var reading = SourceConfig.builder()
                .region(Region.parse("37.5, 35, 25, 30"))
                .pace(Pace.MAX)
                .build();

        var pixels = requireNonNull(FrameSources.open(SourceSpec.parse("cam=" + video), reading)
                        .frames()
                        .blockFirst())
                .pixels();

        assertThat(Stream.of("5,5", "28,28", "35,5", "58,28", "5,35", "28,58", "35,35", "58,58")
                        .map(place -> place.split(",", -1))
                        .map(place -> colour(pixels, Integer.parseInt(place[0]), Integer.parseInt(place[1]))))
                .containsExactly("red", "red", "blue", "blue", "green", "green", "yellow", "yellow");
    }

    private static String colour(Pixels pixels, int x, int y) {
        var at = (y * 64 + x) * 3;
        var red = pixels.at(at) > 100;
        var green = pixels.at(at + 1) > 100;
        var blue = pixels.at(at + 2) > 100;
        return red && green && !blue
                ? "yellow"
                : red && !green && !blue ? "red" : green && !red ? "green" : blue ? "blue" : "none";
    }

    private static List<Frame> frames(String file, Fit fit) {
        var reading = SourceConfig.builder().fit(fit).pace(Pace.MAX).build();
        return FrameSources.open(SourceSpec.parse("cam=" + file), reading)
                .frames()
                .collectList()
                .blockOptional()
                .orElseThrow();
    }

    /** Three pictures without loss, and the display matrix that a phone would write. */
    private static Path write(Path file, int orientation) throws Exception {
        var side = Turned.isOnItsSide(orientation);
        var width = side ? Turned.HEIGHT : Turned.WIDTH;
        var height = side ? Turned.WIDTH : Turned.HEIGHT;
        var rgb = ByteBuffer.allocate(width * height * 3);
        for (var at = 0; at < width * height; at++) {
            var colour = Turned.stored(orientation, at % width, at / width);
            rgb.put((byte) (colour >> 16)).put((byte) (colour >> 8)).put((byte) colour);
        }
        try (var recorder = new FFmpegFrameRecorder(file.toString(), width, height, 0)) {
            recorder.setFormat("mov");
            recorder.setVideoCodecName("png");
            recorder.setPixelFormat(AV_PIX_FMT_RGB24);
            recorder.setFrameRate(10);
            recorder.start();
            for (var index = 0; index < 3; index++) {
                recorder.recordImage(
                        width,
                        height,
                        org.bytedeco.javacv.Frame.DEPTH_UBYTE,
                        3,
                        width * 3,
                        AV_PIX_FMT_RGB24,
                        rgb.rewind());
            }
            recorder.stop();
        }
        return turn(file, orientation);
    }

    /** Writes the display matrix where it is in the header of a track (ISO 14496-12, 8.3.2). */
    private static Path turn(Path file, int orientation) throws IOException {
        var bytes = Files.readAllBytes(file);
        var header = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("tkhd");
        assertThat(header).as("the header of the track").isPositive();
        var matrix = ByteBuffer.wrap(bytes, header + 44, 9 * Integer.BYTES);
        for (var value : matrix(orientation)) {
            matrix.putInt(value);
        }
        return Files.write(file, bytes);
    }

    private static int largestDifference(Pixels one, Pixels other) {
        return IntStream.range(0, one.size())
                .map(at -> Math.abs(one.at(at) - other.at(at)))
                .max()
                .orElse(0);
    }

    private static double meanDifference(Pixels one, Pixels other) {
        return IntStream.range(0, one.size())
                .map(at -> Math.abs(one.at(at) - other.at(at)))
                .average()
                .orElse(0);
    }
}
