package io.framecast.preview.draw;

import io.framecast.frame.BenchmarkFrames;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.awt.image.BufferedImage;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A forecast frame laid over a live one. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class OverlayBenchmark {
    private static final double HALF = 0.5;

    private final Pixels live = BenchmarkFrames.of(1).pixels();
    private final Pixels forecast = BenchmarkFrames.of(2).pixels();

    @Benchmark
    public BufferedImage blend() {
        return Overlay.blend(FrameShape.STANDARD, live, forecast, HALF);
    }

    @Benchmark
    public BufferedImage difference() {
        return Overlay.difference(FrameShape.STANDARD, live, forecast);
    }
}
