package io.framecast.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.framecast.evaluate.ShapePlace;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyntheticSetTest {
    private static final FrameShape SHAPE = FrameShape.STANDARD;

    @TempDir
    Path folder;

    private Path idx = Path.of("");

    /** Ten digits of 28x28, each a full square of a grey value of its own: 100 to 109. */
    @BeforeEach
    void writeDigits() throws IOException {
        idx = folder.resolve("digits.gz");
        try (var out = new DataOutputStream(new GZIPOutputStream(Files.newOutputStream(idx)))) {
            writeIdx(out);
        }
    }

    private static void writeIdx(DataOutputStream out) throws IOException {
        out.writeInt(0x803);
        out.writeInt(10);
        out.writeInt(28);
        out.writeInt(28);
        for (int digit = 0; digit < 10; digit++) {
            for (int i = 0; i < 28 * 28; i++) {
                out.write(100 + digit);
            }
        }
    }

    @Test
    void movingDigits_readTwice_areTheSameSequencesAndEachAnEpoch() {
        List<Frame> frames = frames(digits("synthetic:moving-digits?sequences=3"));
        assertThat(frames).hasSize(60);
        assertThat(frames).extracting(Frame::epoch).containsSequence(1L, 2L).contains(3L);
        assertThat(frames(digits("synthetic:moving-digits?sequences=3"))).isEqualTo(frames);
        assertThat(frames(digits("synthetic:moving-digits?sequences=3&seed=2"))).isNotEqualTo(frames);
    }

    @Test
    void movingDigits_ofTraining_areOthersThanThoseOfTesting() {
        assertThat(levels("train")).allMatch(level -> level < 108).hasSizeGreaterThan(3);
        assertThat(levels("test")).allMatch(level -> level >= 108).isNotEmpty();
    }

    private List<Integer> levels(String part) {
        return frames(digits("synthetic:moving-digits?part=" + part)).stream()
                .flatMap(frame -> IntStream.range(0, SHAPE.bytes())
                        .map(i -> frame.pixels().at(i))
                        .filter(level -> level > 0)
                        .boxed())
                .distinct()
                .sorted()
                .toList();
    }

    @Test
    void movingDigits_stayInsideMoveAtTheLiteraturesSpeedAndBounce() {
        int bounces = 0;
        for (int sequence = 0; sequence < 20; sequence++) {
            List<Pixels> frames = digits("synthetic:moving-digits").draw(40, 40, 40, 4, new Random(sequence));
            for (int i = 2; i < frames.size(); i++) {
                int[] before = edges(frames.get(i - 2));
                int[] middle = edges(frames.get(i - 1));
                int[] now = edges(frames.get(i));
                // The outline of two digits moves by no more than one of them does: a tenth of 36 pixels.
                assertThat(Math.abs(now[0] - middle[0])).isLessThanOrEqualTo(4);
                assertThat(Math.abs(now[1] - middle[1])).isLessThanOrEqualTo(4);
                bounces += (middle[0] - before[0]) * (now[0] - middle[0]) < 0 ? 1 : 0;
            }
        }
        assertThat(bounces).isPositive();
    }

    /** The uppermost row and leftmost column that are not black. */
    private static int[] edges(Pixels frame) {
        int top = SHAPE.height();
        int left = SHAPE.width();
        for (int i = 0; i < frame.size(); i++) {
            if (frame.at(i) > 0) {
                top = Math.min(top, i / 3 / SHAPE.width());
                left = Math.min(left, i / 3 % SHAPE.width());
            }
        }
        return new int[] {top, left};
    }

    @Test
    void movingDigits_withoutADigitsFile_sayWhatIsWrong() throws IOException {
        assertThatThrownBy(() -> set("synthetic:moving-digits?digits=" + folder.resolve("none")))
                .hasMessageContaining("cannot be read");
        Path text = Files.writeString(folder.resolve("text"), "sixteen bytes of no digits");
        assertThatThrownBy(() -> set("synthetic:moving-digits?digits=" + text)).hasMessageContaining("no idx file");
        Path cut = folder.resolve("cut");
        try (OutputStream out = Files.newOutputStream(cut);
                var data = new DataOutputStream(out)) {
            data.writeInt(0x803);
            data.writeInt(10);
            data.writeInt(28);
            data.writeInt(28);
            data.write(new byte[1000]);
        }
        assertThatThrownBy(() -> set("synthetic:moving-digits?digits=" + cut)).hasMessageContaining("it is cut off");
    }

    @Test
    void bouncingShapes_moveStraightAndStayInside() {
        SyntheticSet shapes = set("synthetic:bouncing-shapes?sequences=5");
        List<Frame> frames = frames(shapes);
        assertThat(frames).hasSize(5 * 42);
        assertThat(frames.get(0).pixels()).isNotEqualTo(frames.get(1).pixels());
        List<Pixels> sequence = shapes.draw(42, 42, 42, 1, new Random(3));
        for (int i = 0; i < sequence.size(); i++) {
            double[] now = ShapePlace.of(SHAPE, sequence.get(i)).orElseThrow();
            assertThat(now[0]).isBetween(4.0, 60.0);
            assertThat(now[1]).isBetween(4.0, 60.0);
            if (i > 0) {
                double[] before = ShapePlace.of(SHAPE, sequence.get(i - 1)).orElseThrow();
                assertThat(Math.hypot(now[0] - before[0], now[1] - before[1])).isBetween(0.05, 3.2);
            }
        }
    }

    private SyntheticSet digits(String data) {
        return SyntheticSet.parse(data, SHAPE, Optional.of(idx), SyntheticSet.Part.TEST);
    }

    private static SyntheticSet set(String data) {
        return SyntheticSet.parse(data, SHAPE, Optional.empty(), SyntheticSet.Part.TEST);
    }

    private static List<Frame> frames(Recording recording) {
        var frames = new ArrayList<Frame>();
        recording.read(frames::add);
        return frames;
    }
}
