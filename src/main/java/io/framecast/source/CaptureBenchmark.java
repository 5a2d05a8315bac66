package io.framecast.source;

import io.framecast.frame.FrameShape;
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
 * beside what the {@code ffmpeg} program takes for the same work.
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
     * @throws SourceException if FFmpeg cannot be loaded
     */
    public List<Row> run(Path folder) throws IOException {
        var rows = new ArrayList<Row>();
        for (var shape : List.of(new FrameShape(720, 1280, 3), new FrameShape(1080, 1920, 3))) {
            var file = Files.createTempFile(folder, "capture-benchmark-", ".mp4");
            try {
                var codec = BenchmarkVideo.write(file, shape, PICTURES);
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
        try (var session = FfmpegSession.open(location, SourceConfig.defaults(), 0, new Stop(), new Counters())) {
            while (session.next() != null) {
                session.pixels();
                pictures++;
            }
        }
        var wall = Duration.ofNanos(System.nanoTime() - start);
        return new Cost(wall, Duration.ofNanos(threads.getCurrentThreadCpuTime() - cpu), pictures);
    }

    private static Row program(String video, Path file) throws IOException {
        var command = List.of(
                "ffmpeg",
                "-v",
                "quiet",
                "-threads",
                "1",
                "-i",
                file.toString(),
                "-an",
                "-vf",
                "scale=64:64:flags=area",
                "-filter_threads",
                "1",
                "-pix_fmt",
                "rgb24",
                "-f",
                "rawvideo",
                "-");
        Optional<Cost> best = Optional.empty();
        try {
            for (var round = 0; round < ROUNDS; round++) {
                var next = call(command);
                best = Optional.of(best.filter(known -> known.wall().compareTo(next.wall()) < 0)
                        .orElse(next));
            }
        } catch (IOException missing) {
            var note = "not measured: there is no ffmpeg program on the PATH";
            return new Row(video, "ffmpeg", Optional.empty(), Optional.empty(), note);
        }
        return best.filter(cost -> cost.pictures() > 0)
                .map(cost -> row(video, "ffmpeg", cost, "wall time of the whole program, its start included"))
                .orElseGet(() -> new Row(
                        video,
                        "ffmpeg",
                        Optional.empty(),
                        Optional.empty(),
                        "not measured: it could not read the video"));
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
