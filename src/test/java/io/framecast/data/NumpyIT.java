package io.framecast.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.framecast.frame.Frame;
import io.framecast.source.SourceConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays that numpy itself writes; and what we advise where one cannot be read, done in Python, makes it readable. */
@Tag("system")
class NumpyIT {
    /** Frames of 64 x 64, in which a bright square moves over grey noise: (30, 64, 64, 3), 0 to 255. */
    private static final String FRAMES = """
            import numpy
            random = numpy.random.default_rng(1)
            def clip(seed, length=30):
                place = numpy.random.default_rng(seed).integers(0, 40, 2)
                frames = numpy.full((length, 64, 64, 3), 30, 'uint8')
                for t in range(length):
                    y, x = (place + t) % 50
                    frames[t, y:y + 12, x:x + 12] = (250, 120, 60)
                return frames
            frames = clip(1)
            many = numpy.stack([clip(seed, 20) for seed in range(30)])
            """;
    /** Up to the end, or to the words before another advice. */
    private static final Pattern ADVICE = Pattern.compile("save (.+?)(?=\\)$| if )");

    @TempDir
    Path folder;

    private List<Frame> expected;

    @BeforeEach
    void readPlainFrames() throws Exception {
        save("frames");
        expected = read();
        assertThat(expected).hasSize(30);
    }

    private void python(String program) throws Exception {
        Path file = Files.writeString(folder.resolve("program.py"), program);
        var process = new ProcessBuilder("/usr/bin/python3", file.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("python.txt").toFile())
                .start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue())
                .as(() -> "apt-get install python3-numpy; " + program + folder.resolve("python.txt"))
                .isZero();
    }

    private void save(String expression) throws Exception {
        python(FRAMES + "numpy.save('array.npy', " + expression + ")\n");
    }

    private List<Frame> read() {
        var frames = new ArrayList<Frame>();
        new NpyRecording(
                        "array.npy",
                        folder.resolve("array.npy"),
                        SourceConfig.defaults().withFps(240))
                .read(frames::add);
        return frames;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "numpy.asfortranarray(frames)",
                "frames.astype('>u2')",
                "frames.astype('int64')",
                "frames.astype('>f4')",
                "frames.astype('float16')",
                "(frames / 255).astype('float32')",
                "frames / 255",
                "numpy.asfortranarray(frames / 255)",
                "frames.transpose(0, 3, 1, 2)",
                "numpy.ascontiguousarray(frames.transpose(0, 3, 1, 2)).astype('float32') / 255",
                "frames[None]",
                "frames.transpose(0, 3, 1, 2)[None]",
                "frames[:, ::1]"
            })
    void read_anyFormOfTheSameFrames_isTheSame(String expression) throws Exception {
        save(expression);
        assertThat(read())
                .extracting(Frame::pixels)
                .isEqualTo(expected.stream().map(Frame::pixels).toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "many[..., 0].swapaxes(0, 1)",
                "many[..., 0]",
                "numpy.asfortranarray(many[..., 0].swapaxes(0, 1))",
                "many",
                "many[..., :1]",
                "many.transpose(0, 1, 4, 2, 3)"
            })
    void read_sequences_areOneStretchEach(String expression) throws Exception {
        save(expression);
        List<Frame> frames = read();
        assertThat(frames).hasSize(600);
        assertThat(frames.stream().map(Frame::epoch).distinct()).hasSize(30);
        save("many[7, ..., " + (expression.startsWith("many[...") || expression.startsWith("numpy") ? "0" : ":") + "]");
        assertThat(frames.subList(140, 160))
                .extracting(Frame::pixels)
                .isEqualTo(read().stream().map(Frame::pixels).toList());
    }

    @Test
    void read_truth_isBlackAndWhite() throws Exception {
        save("frames[..., 0] > 100");
        assertThat(read().get(3).pixels().at(0)).isZero();
        assertThat(read().stream().mapToInt(frame -> max(frame)).max()).hasValue(255);
    }

    private static int max(Frame frame) {
        int most = 0;
        for (int at = 0; at < frame.pixels().size(); at++) {
            most = Math.max(most, frame.pixels().at(at));
        }
        return most;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "frames / 127.5 - 1",
                "frames.astype('float32') * 16",
                "frames.astype('uint16') * 257",
                "frames.astype('int16') - 128",
                "(frames - frames.mean()) / frames.std()",
                "frames / 255 * 1.2 - 0.15",
                "numpy.where(frames == 60, numpy.nan, frames / 255)",
                "numpy.where(frames == 60, numpy.inf, frames.astype('float32'))",
                "(frames > 100).astype('int64')",
                "frames / 255 + 0j",
                "frames.astype('longdouble') / 255",
                "numpy.concatenate([frames, frames[..., :1]], -1)",
                "numpy.concatenate([frames, frames[..., :1]], -1).transpose(0, 3, 1, 2)",
                "frames[0]",
                "random.integers(0, 255, (8, 9, 64, 64), 'uint8')"
            })
    void read_whatCannotBeTold_isToldHowAndThatWorks(String expression) throws Exception {
        save(expression);
        Throwable refusal = catchThrowable(this::read);
        assertThat(refusal).as("is refused").hasMessageContaining("; save ");
        var advice = ADVICE.matcher(String.valueOf(refusal.getMessage()));
        int followed = 0;
        while (advice.find()) {
            save(expression);
            python("import numpy\nframes = numpy.load('array.npy')\nnumpy.save('array.npy', " + advice.group(1)
                    + ")\n");
            assertThat(read()).as(advice.group(1)).isNotEmpty();
            if (followed++ == 0) { // what else it may mean may be as dark as it says
                assertThat(max(read().get(0))).as("not black").isGreaterThan(200);
            }
        }
        assertThat(followed).as(refusal.getMessage()).isPositive();
    }
}
