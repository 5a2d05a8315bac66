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
        var wide = "zscale=tin=bt709:pin=bt709:min=gbr:rin=pc:t=linear:p=bt709:npl=203,format=gbrpf32le,"
                + "zscale=tin=linear:pin=bt709:min=gbr:t=smpte2084:p=bt2020:m=bt2020nc:r=tv:npl=203,format=yuv420p10le";
        var narrow = "zscale=min=gbr:rin=pc:m=bt709:r=tv,format=yuv420p";
        var standard = colours("standard.mkv", narrow, "bt709", "bt709", "bt709");
        var mapped = colours("mapped.mkv", wide, "smpte2084", "bt2020", "bt2020nc");
        var unmapped = colours("unmapped.mkv", wide, "bt709", "bt709", "bt709");

        assertThat(difference(mapped, standard))
                .as("levels, mean over the picture, and the same where the file does not say what it holds")
                .isLessThan(0.85 * difference(unmapped, standard));
    }

    /** The first frame of muted colours, stored as a filter makes them and with what the file says of them. */
    private Frame colours(String name, String filter, String transfer, String primaries, String space)
            throws Exception {
        var file = ffmpeg(
                name,
                "-f",
                "lavfi",
                "-i",
                "testsrc2=s=320x180:r=10:d=1",
                "-vf",
                "format=yuv444p,hue=s=0.4,format=gbrp," + filter,
                "-c:v",
                "ffv1",
                "-color_trc",
                transfer,
                "-color_primaries",
                primaries,
                "-colorspace",
                space);
        return frames(file, Fit.STRETCH).get(0);
    }
}
