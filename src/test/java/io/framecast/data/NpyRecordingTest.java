package io.framecast.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.source.SourceConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays as people save them: any number type, byte order, memory order and common layout. */
class NpyRecordingTest {
    private static final FrameShape SHAPE = FrameShape.STANDARD;

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("array.npy");
    }

    private List<Frame> read() {
        var frames = new ArrayList<Frame>();
        new NpyRecording("array.npy", file(), SourceConfig.defaults().withFps(240)).read(frames::add);
        return frames;
    }

    /** Writes an array value by value, in C or Fortran order. */
    private void write(String type, boolean columnsFirst, int[] shape, ToDoubleFunction<int[]> value)
            throws IOException {
        int bytes = type.charAt(2) - '0';
        int count = IntStream.of(shape).reduce(1, Math::multiplyExact);
        var order = type.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        var data = ByteBuffer.allocate(count * bytes).order(order);
        var index = new int[shape.length];
        for (int i = 0; i < count; i++) {
            int rest = i;
            for (int step = 0; step < shape.length; step++) {
                int axis = columnsFirst ? step : shape.length - 1 - step;
                index[axis] = rest % shape[axis];
                rest /= shape[axis];
            }
            put(data, type.substring(1), value.applyAsDouble(index));
        }
        String text = "{'descr': '" + type + "', 'fortran_order': " + (columnsFirst ? "True" : "False") + ", 'shape': ("
                + IntStream.of(shape).mapToObj(String::valueOf).collect(Collectors.joining(", ")) + "), }\n";
        var out = new ByteArrayOutputStream();
        out.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) text.length(), 0});
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.write(data.array());
        Files.write(file(), out.toByteArray());
    }

    private static void put(ByteBuffer data, String type, double value) {
        switch (type) {
            case "b1", "u1", "i1" -> data.put((byte) value);
            case "u2", "i2" -> data.putShort((short) value);
            case "u4", "i4" -> data.putInt((int) (long) value);
            case "u8", "i8" -> data.putLong((long) value);
            case "f2" -> data.putShort(half(value));
            case "f4" -> data.putFloat((float) value);
            default -> data.putDouble(value);
        }
    }

    /** Of values from 0 to 255 with few digits. */
    private static short half(double value) {
        if (value == 0) {
            return 0;
        }
        int exponent = Math.getExponent(value);
        return (short) (((exponent + 15) << 10) | (int) Math.round((value / Math.scalb(1.0, exponent) - 1) * 1024));
    }

    /** A level, 0 to 255, that differs in every place. */
    private static int level(int frame, int y, int x, int channel) {
        return (frame * 31 + y * 7 + x * 3 + channel * 101) & 0xFF;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"|u1", "<u2", ">u2", "<i2", "<u4", ">i4", "<i8", ">u8", "<f2", ">f2", "<f4", ">f4", "<f8", ">f8"
            })
    void read_levelsOfAnyType_areTheSame(String type) throws IOException {
        for (boolean columnsFirst : new boolean[] {false, true}) {
            write(type, columnsFirst, new int[] {3, 64, 64, 3}, at -> level(at[0], at[1], at[2], at[3]));
            expectLevels(read());
        }
    }

    private static void expectLevels(List<Frame> frames) {
        assertThat(frames).hasSize(3);
        for (int frame = 0; frame < 3; frame++) {
            for (int at = 0; at < SHAPE.bytes(); at++) {
                assertThat(frames.get(frame).pixels().at(at)).isEqualTo(level(frame, at / 3 / 64, at / 3 % 64, at % 3));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<f2", "<f4", ">f8"})
    void read_valuesFrom0To1_areBlackToWhite(String type) throws IOException {
        write(type, false, new int[] {2, 64, 64}, at -> at[2] / 64.0 + (at[2] == 63 ? 1 / 64.0 : 0));
        Frame frame = read().get(1);
        assertThat(frame.pixels().at(0)).isZero();
        assertThat(frame.pixels().at(32 * 3)).isEqualTo(128);
        assertThat(frame.pixels().at(63 * 3 + 2)).isEqualTo(255);
    }

    @Test
    void read_truth_isBlackAndWhite() throws IOException {
        write("|b1", true, new int[] {2, 64, 64}, at -> at[0] == 1 && at[1] < 5 ? 1 : 0);
        List<Frame> frames = read();
        assertThat(frames.get(0).pixels().at(0)).isZero();
        assertThat(frames.get(1).pixels().at(0)).isEqualTo(255);
        assertThat(frames.get(1).pixels().at(3 * 64 * 5)).isZero();
    }

    @Test
    void read_channelsFirst_areTheSame() throws IOException {
        write("|u1", false, new int[] {3, 3, 64, 64}, at -> level(at[0], at[2], at[3], at[1]));
        expectLevels(read());
        write("<f4", true, new int[] {1, 3, 3, 64, 64}, at -> level(at[1], at[3], at[4], at[2]));
        expectLevels(read());
        write("|u1", false, new int[] {3, 1, 64, 64}, at -> level(at[0], at[2], at[3], 0));
        assertThat(read()).hasSize(3);
    }

    /** Two squares that move, elsewhere in each sequence. */
    private static double moving(int sequence, int frame, int y, int x) {
        var random = new Random(sequence);
        for (int square = 0; square < 2; square++) {
            int top = Math.floorMod(random.nextInt(50) + frame * (random.nextInt(7) - 3), 50);
            int left = Math.floorMod(random.nextInt(50) + frame * (random.nextInt(7) - 3), 50);
            if (y >= top && y < top + 14 && x >= left && x < left + 14) {
                return 200;
            }
        }
        return 0;
    }

    @ParameterizedTest
    @CsvSource({"10, 40", "40, 10", "12, 12"})
    void read_sequencesAndFramesInAnyOrder_areToldByTheirPictures(int sequences, int frames) throws IOException {
        for (boolean framesFirst : new boolean[] {true, false}) {
            int[] shape = framesFirst ? new int[] {frames, sequences, 64, 64} : new int[] {sequences, frames, 64, 64};
            write("|u1", false, shape, at -> moving(at[framesFirst ? 1 : 0], at[framesFirst ? 0 : 1], at[2], at[3]));
            List<Frame> read = read();
            assertThat(read).hasSize(sequences * frames);
            Frame second = read.get(frames + 1);
            assertThat(second.sequence()).isEqualTo(1);
            assertThat(second.epoch()).isEqualTo(read.get(0).epoch() + 1);
            assertThat(IntStream.range(0, 64 * 64).map(at -> second.pixels().at(at * 3)))
                    .containsExactlyElementsOf(IntStream.range(0, 64 * 64)
                            .mapToObj(at -> (int) moving(1, 1, at / 64, at % 64))
                            .toList());
        }
    }

    @Test
    void read_sequencesOrFramesThatCannotBeTold_areRefusedWithBothWays() throws IOException {
        var random = new Random(1);
        write("|u1", false, new int[] {8, 9, 64, 64}, at -> random.nextInt(256));
        expect("its shape [8, 9, 64, 64] may be (T, N, H, W) or (N, T, H, W); save frames[..., None] if it is"
                + " (N, T, H, W), or save frames.swapaxes(0, 1)[..., None] if it is (T, N, H, W)");
    }

    private void expect(String words) {
        assertThatThrownBy(this::read)
                .hasMessageStartingWith("array " + file() + " cannot be read (")
                .hasMessageContaining(words)
                .satisfies(failure -> assertThat(failure.getMessage()).hasLineCount(1));
    }

    @ParameterizedTest
    // What they are, and what they are scaled from.
    @CsvSource(
            delimiter = '|',
            value = {
                "<f4 | -1 | 1 | (-1, 1)",
                "<f4 | 0 | 1.5 | (0, 1)",
                "<f8 | -0.02 | 1.01 | (0, 1)",
                "<f4 | -2.1 | 2.6 | (frames.min(), frames.max())",
                "<f4 | 0 | 4095 | (0, frames.max())",
                "<u2 | 0 | 65535 | (0, frames.max())",
                "<i2 | -300 | 300 | (frames.min(), frames.max())",
            })
    void read_valuesOfAnotherRange_areRefusedWithTheirConversion(String type, double least, double most, String range)
            throws IOException {
        write(type, false, new int[] {2, 64, 64}, at -> at[1] == 0 ? least : most);
        expect("save numpy.interp(frames, " + range + ", (0, 255)).round().astype('uint8')");
    }

    @Test
    void read_valuesThatAreNone_areRefused() throws IOException {
        write("<f4", false, new int[] {2, 64, 64}, at -> at[1] == 0 ? Double.NaN : 0.5);
        expect(
                "with NaN or infinity among them, not from 0 to 1 or 0 to 255; save numpy.interp(numpy.nan_to_num(frames,");
        write("<i4", false, new int[] {2, 64, 64}, at -> at[1] % 2);
        expect("its values are 0 and 1; save (frames * 255).astype('uint8') if 1 is white");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "64, 64, 3 | is one picture | save frames[None]",
                "5, 64, 64, 4 | has an alpha channel | save frames[..., :3]",
                "5, 4, 64, 64 | has 4 of something | save frames[:, :3] if those are channels",
                "2, 4096 | is not (T, H, W, C) | save it with one of these shapes",
                "2, 64, 5 | is not (T, H, W, C) | save it with one of these shapes",
                "2, 2, 2, 2, 64, 64 | is not (T, H, W, C) | save it with one of these shapes",
            })
    void read_otherShapes_areRefusedWithAWayOut(String shape, String what, String wayOut) throws IOException {
        write(
                "|u1",
                false,
                Arrays.stream(shape.split(", ")).mapToInt(Integer::parseInt).toArray(),
                at -> 7);
        expect("its shape [" + shape + "] " + what);
        expect(wayOut);
    }

    @Test
    void read_anotherSize_isResizedFrameByFrame() throws IOException {
        write("<f4", true, new int[] {3, 3, 32, 48}, at -> at[0] * 100);
        List<Frame> frames = read();
        assertThat(frames).extracting(frame -> frame.pixels().at(5000)).containsExactly(0, 100, 200);
        assertThat(frames).extracting(Frame::sequence).containsExactly(0L, 1L, 2L);
    }
}
