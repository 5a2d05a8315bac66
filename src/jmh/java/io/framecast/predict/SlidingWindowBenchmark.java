package io.framecast.predict;

import io.framecast.forecast.Window;
import io.framecast.frame.BenchmarkFrames;
import io.framecast.frame.ClockSource;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameTime;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A camera's next frame into its window of ten. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SlidingWindowBenchmark {
    private static final int LENGTH = 10;

    private final Frame first = BenchmarkFrames.of(0);
    private final SlidingWindow window = new SlidingWindow(first.camera(), LENGTH, 1);
    private long number;

    @Benchmark
    public Optional<Window> addAndAsk() {
        number++;
        var time = new FrameTime(Instant.ofEpochMilli(100 * number), ClockSource.MEDIA, OptionalLong.empty());
        window.add(new Frame(first.camera(), first.epoch(), number, time, first.shape(), first.pixels()));
        return window.due();
    }
}
