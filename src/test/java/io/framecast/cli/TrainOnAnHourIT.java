package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More video than the heap holds: an hour at 30 frames a second is 1.3 GB of frames, the heap is 1 GB. */
@Tag("system")
class TrainOnAnHourIT {
    private static final Duration LONGEST = Duration.ofMinutes(8);
    private static final String FFMPEG =
            "ffmpeg -v error -f lavfi -i testsrc2=s=64x64:r=30 -t 3600 -c:v mpeg4 -q:v 10 hour.mp4";
    private static final String TRAIN =
            "train hour.mp4 --name hour --out hour --architecture deconv-lstm --hyper-parameter"
                    + " filters=[4,4] --hyper-parameter hidden=4 --context 3 --horizon 4 --batch 2 --steps 3 --evaluate-every 3"
                    + " --validation-share 0";

    @TempDir
    Path folder;

    @Test
    void train_onAnHourOfVideo_keepsItsFramesOnDisk() throws IOException, InterruptedException {
        var ffmpeg = new ProcessBuilder(FFMPEG.split(" "))
                .directory(folder.toFile())
                .inheritIO()
                .start();
        assertThat(ffmpeg.waitFor(4, TimeUnit.MINUTES)).isTrue();
        assertThat(ffmpeg.exitValue()).as("apt-get install ffmpeg").isZero();
        try (var train = FramecastProcess.start(folder, TRAIN.split(" "))) {
            assertThat(train.exitCode(LONGEST)).as(train::toString).isZero();
            assertThat(train.output())
                    .contains("training on 1 clips, 108000 frames; validating on none")
                    .contains("the frames take 1.3 GB of disk in "
                            + folder.toRealPath().resolve(".framecast") + " until this ends");
        }
        assertThat(folder.resolve("hour/weights.npz")).isNotEmptyFile();
        try (var left = Files.list(folder.resolve(".framecast"))) {
            assertThat(left).isEmpty();
        }
    }
}
