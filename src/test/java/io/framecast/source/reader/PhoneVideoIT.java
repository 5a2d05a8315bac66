package io.framecast.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.framecast.frame.Frame;
import io.framecast.source.Fit;
import io.framecast.source.Pace;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Debian's ffmpeg writes as a phone does, compared with what its own player shows. */
@Tag("system")
class PhoneVideoIT {
    @TempDir
    Path folder;

    private Path ffmpeg(String name, String... arguments) throws Exception {
        var line = new ArrayList<>(List.of("ffmpeg", "-v", "error", "-y"));
        line.addAll(List.of(arguments));
        line.add(name);
        var process =
                new ProcessBuilder(line).directory(folder.toFile()).inheritIO().start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as("apt-get install ffmpeg").isZero();
        return folder.resolve(name);
    }

    private static List<Frame> frames(Path file, Fit fit) {
        var reading = SourceConfig.builder().fit(fit).pace(Pace.MAX).build();
        return FrameSources.open(SourceSpec.parse("cam=" + file), reading)
                .frames()
                .collectList()
                .blockOptional(Duration.ofMinutes(1))
                .orElseThrow();
    }

    private static double difference(Frame one, Frame other) {
        return IntStream.range(0, one.pixels().size())
                .map(at -> Math.abs(one.pixels().at(at) - other.pixels().at(at)))
                .average()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(ints = {90, 180, 270})
    void frames_ofAPhonesVideo_areThoseThatAPlayerShows(int turn) throws Exception {
        ffmpeg("side.mp4", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=10:d=2", "-pix_fmt", "yuv444p");
        var phone = ffmpeg("phone.mp4", "-i", "side.mp4", "-c", "copy", "-metadata:s:v:0", "rotate=" + turn);
        var shown = ffmpeg("shown.mkv", "-i", "phone.mp4", "-c:v", "ffv1");
        for (var fit : Fit.values()) {
            var frames = frames(phone, fit);
            var expected = frames(shown, fit);
            assertThat(frames).hasSize(20).hasSameSizeAs(expected);
            for (var i = 0; i < frames.size(); i++) {
                assertThat(difference(frames.get(i), expected.get(i))).isLessThan(1);
            }
            assertThat(difference(
                            frames.get(0),
                            frames(folder.resolve("side.mp4"), fit).get(0)))
                    .as("another picture than without the turn")
                    .isGreaterThan(10);
        }
    }

    @Test
    void frames_ofHighDynamicRange_resembleTheirStandardRange() throws Exception {
        var hdr = ffmpeg(
                "hdr.mkv",
                "-f",
                "lavfi",
                "-i",
                "testsrc2=s=320x180:r=10:d=1",
                "-vf",
                "zscale=tin=bt709:pin=bt709:min=bt709:rin=tv:t=linear:npl=203,format=gbrpf32le,"
                        + "zscale=t=smpte2084:p=bt2020:m=bt2020nc:r=tv,format=yuv420p10le",
                "-c:v",
                "ffv1",
                "-color_trc",
                "smpte2084",
                "-color_primaries",
                "bt2020",
                "-colorspace",
                "bt2020nc");
        var standard = ffmpeg(
                "sdr.mkv",
                "-f",
                "lavfi",
                "-i",
                "testsrc2=s=320x180:r=10:d=1",
                "-vf",
                "zscale=m=bt709:r=tv,format=yuv420p",
                "-c:v",
                "ffv1",
                "-colorspace",
                "bt709",
                "-color_primaries",
                "bt709",
                "-color_trc",
                "bt709");
        var difference = difference(
                frames(hdr, Fit.STRETCH).get(0), frames(standard, Fit.STRETCH).get(0));
        assertThat(difference).as("levels, mean over the picture").isLessThan(45);
    }
}
