package io.framecast.score;

import io.framecast.frame.BenchmarkFrames;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The error and similarity of two frames: what all forecasts of a real frame share, and what each needs. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class MetricsBenchmark {
    private static final double RANGE = 1;

    private final PictureComparison comparison = new PictureComparison(FrameShape.STANDARD);
    private final Pixels real = BenchmarkFrames.of(1).pixels();
    private final Pixels forecast = BenchmarkFrames.of(2).pixels();
    private final WindowSums sums = comparison.sums(real);

    @Benchmark
    public Object sumsOfARealFrame() {
        return comparison.sums(real);
    }

    @Benchmark
    public Object compareWithAForecast() {
        return comparison.compare(sums, forecast, RANGE);
    }
}
