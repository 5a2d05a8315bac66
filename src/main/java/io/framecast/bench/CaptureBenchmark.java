package io.framecast.bench;

import io.framecast.frame.FrameShape;
import io.framecast.source.Counters;
import io.framecast.source.Patience;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceLocation;
import io.framecast.source.Stop;
import io.framecast.source.ffmpeg.FfmpegSession;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Measures what it costs to watch a camera: decoding and resizing on one thread, for videos that it encodes itself,
 * compared with what the {@code ffmpeg} program takes for the same work.
 */
public final class CaptureBenchmark {
    /** What most cameras send. */
    private static final double CAMERA_FPS = 30;

    private static final int PICTURES = 150;
    private static final int ROUNDS = 3;

    /**
     * One measurement.
     *
     * @param video what was decoded, such as {@code 1280x720 h264}
     * @param reader {@code framecast}, or {@code ffmpeg} for the program
     * @param framesPerSecond pictures decoded and resized to 64x64 in a second of one thread; the best of three rounds
     * @param shareOfCore CPU time a camera of 30 pictures a second costs, 1 being a whole core; empty where it cannot
     *     be told
     * @param note what to know about it; empty when nothing
     */
    public record Row(
            String video, String reader, Optional<Double> framesPerSecond, Optional<Double> shareOfCore, String note) {}

    /** Wall and CPU time of one round. */
    private record Cost(Duration wall, Duration cpu, long pictures) {}

    /**
     * Encodes moving pictures of 1280x720 and 1920x1080 into {@code folder}, decodes them three times each and removes
     * them.
     *
     * @param folder an existing folder with some 50 MB to spare
     * @return two rows a video
     * @throws IOException if the folder cannot be written to
     * @throws io.framecast.source.SourceException if FFmpeg cannot be loaded
     */
    public List<Row> run(Path folder) throws IOException {
        return run(folder, PICTURES);
    }

    List<Row> run(Path folder, int pictures) throws IOException {
        var rows = new ArrayList<Row>();
        for (var shape : List.of(new FrameShape(720, 1280, 3), new FrameShape(1080, 1920, 3))) {
            var file = Files.createTempFile(folder, "capture-benchmark-", ".mp4");
            try {
                var codec = BenchmarkVideo.write(file, shape, pictures);
                var video = shape.width() + "x" + shape.height() + " " + codec;
                rows.add(framecast(video, file));
                rows.add(program(video, file));
            } finally {
                Files.deleteIfExists(file);
            }
        }
        return rows;
    }

    private static Row framecast(String video, Path file) {
        var best = decode(file);
        for (var round = 1; round < ROUNDS; round++) {
            var next = decode(file);
            best = next.wall().compareTo(best.wall()) < 0 ? next : best;
        }
        return row(video, "framecast", best, "");
    }

    /** Every picture is resized: no sampling. */
    private static Cost decode(Path file) {
        var location = SourceLocation.parse(file.toString());
        var threads = ManagementFactory.getThreadMXBean();
        var cpu = threads.getCurrentThreadCpuTime();
        var start = System.nanoTime();
        var pictures = 0L;
        var config = SourceConfig.defaults();
        var reading = new FfmpegSession.Reading(new Stop(), new Counters(), new Patience(config));
        try (var session = FfmpegSession.open(location, config, 0, reading)) {
            while (session.next() != null) {
                session.pixels();
                pictures++;
            }
        }
        var wall = Duration.ofNanos(System.nanoTime() - start);
        return new Cost(wall, Duration.ofNanos(threads.getCurrentThreadCpuTime() - cpu), pictures);
    }

    /** The program does the same work, less its start: what one picture takes is taken off. */
    private static Row program(String video, Path file) {
        try {
            var start = best(command(file, 1));
            var whole = best(command(file, Integer.MAX_VALUE));
            var net = whole.wall().minus(start.wall());
            if (net.isNegative() || whole.pictures() <= start.pictures()) {
                return unmeasured(video, "not measured: it could not read the video");
            }
            var cost = new Cost(net, net, whole.pictures() - start.pictures());
            return row(video, "ffmpeg", cost, "wall time of the program less its start, for CPU time too");
        } catch (IOException missing) {
            return unmeasured(video, "not measured: there is no ffmpeg program on the PATH");
        }
    }

    private static Row unmeasured(String video, String why) {
        return new Row(video, "ffmpeg", Optional.empty(), Optional.empty(), why);
    }

    private static List<String> command(Path file, int pictures) {
        return List.of(
                "ffmpeg",
                "-v",
                "quiet",
                "-threads",
                "1",
                "-i",
                file.toString(),
                "-an",
                "-frames:v",
                String.valueOf(pictures),
                "-filter_threads",
                "1",
                "-vf",
                "scale=64:64:flags=area",
                "-pix_fmt",
                "rgb24",
                "-f",
                "rawvideo",
                "-");
    }

    private static Cost best(List<String> command) throws IOException {
        var best = call(command);
        for (var round = 1; round < ROUNDS; round++) {
            var next = call(command);
            best = next.wall().compareTo(best.wall()) < 0 ? next : best;
        }
        return best;
    }

    /** Runs the program; its CPU time is not told to Java, but with one thread it is at most its wall time. */
    private static Cost call(List<String> command) throws IOException {
        var start = System.nanoTime();
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var output = process.getInputStream()) {
            var bytes = output.readAllBytes().length;
            var wall = Duration.ofNanos(System.nanoTime() - start);
            return new Cost(wall, wall, bytes / FrameShape.STANDARD.bytes());
        } finally {
            process.destroy();
        }
    }

    private static Row row(String video, String reader, Cost cost, String note) {
        var rate = cost.pictures() * 1e9 / cost.wall().toNanos();
        var share = CAMERA_FPS * cost.cpu().toNanos() / 1e9 / cost.pictures();
        return new Row(video, reader, Optional.of(rate), Optional.of(share), note);
    }
}
