package io.framecast.source.ffmpeg;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.source.Fit;
import java.util.concurrent.TimeUnit;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A decoded picture resized to 64x64 RGB. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class FfmpegScalerBenchmark {
    @Param({"720", "1080"})
    public int height;

    private final FfmpegScaler scaler = new FfmpegScaler(FrameShape.STANDARD, Fit.STRETCH);
    private final AVFrame picture = av_frame_alloc();

    @Setup
    public void allocate() {
        Ffmpeg.load();
        picture.width(height * 16 / 9).height(height).format(AV_PIX_FMT_YUV420P);
        if (av_frame_get_buffer(picture, 0) < 0) {
            throw new IllegalStateException("no memory for a picture of " + height + " rows");
        }
    }

    @Benchmark
    public Pixels scale() {
        return scaler.scale(picture);
    }

    @TearDown
    public void free() {
        scaler.close();
        av_frame_free(picture);
    }
}
