package io.framecast.topic;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.Persistence;
import io.framecast.forecast.Window;
import io.framecast.frame.BenchmarkFrames;
import io.framecast.frame.Frame;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A frame and a forecast of 32 frames, to the bytes of a record and back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class CodecBenchmark {
    private final Frame frame = BenchmarkFrames.of(1);
    private final byte[] frameRecord = FrameCodec.encode(frame);
    private final Forecast forecast = new Persistence()
            .forecast(List.of(new Window(frame.camera(), List.of(frame))))
            .get(0);
    private final byte[] forecastRecord = ForecastCodec.encode(forecast);

    @Benchmark
    public byte[] encodeFrame() {
        return FrameCodec.encode(frame);
    }

    @Benchmark
    public Frame decodeFrame() throws MalformedRecordException {
        return FrameCodec.decode(frameRecord);
    }

    @Benchmark
    public byte[] encodeForecast() {
        return ForecastCodec.encode(forecast);
    }

    @Benchmark
    public Forecast decodeForecast() throws MalformedRecordException {
        return ForecastCodec.decode(forecastRecord);
    }
}
