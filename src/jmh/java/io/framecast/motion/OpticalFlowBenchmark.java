package io.framecast.motion;

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

/** The movement between two frames, and a frame moved by it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class OpticalFlowBenchmark {
    private final OpticalFlow opticalFlow = new OpticalFlow();
    private final Pixels earlier = BenchmarkFrames.of(1).pixels();
    private final Pixels later = BenchmarkFrames.of(2).pixels();

    @Benchmark
    public FlowField between() {
        return opticalFlow.between(FrameShape.STANDARD, earlier, later);
    }

    @Benchmark
    public FlowField betweenEnlarged() {
        return opticalFlow.between(FrameShape.STANDARD, earlier, later, 2);
    }
}
