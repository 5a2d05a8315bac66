package io.framecast.preview.history;

import io.framecast.forecast.ErrorMap;
import io.framecast.forecast.Forecast;
import io.framecast.forecast.FrameSurprise;
import io.framecast.forecast.ModelVersion;
import io.framecast.forecast.Origin;
import io.framecast.forecast.SurprisingStretch;
import io.framecast.frame.CameraId;
import io.framecast.frame.ClockSource;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.frame.FrameTime;
import io.framecast.frame.Pixels;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/** Grey pictures at 10 frames a second, from a fixed moment on: their levels tell them apart. */
public final class Scene {
    public static final Instant BEGIN = Instant.parse("2026-01-31T12:00:00Z");
    public static final CameraId CAMERA = new CameraId("front");

    private static final Duration INTERVAL = Duration.ofMillis(100);
    private static final ErrorMap MAP = ErrorMap.none();

    private Scene() {}

    public static Instant time(double seconds) {
        return BEGIN.plusMillis(Math.round(seconds * 1000));
    }

    /** The frame of a time in seconds since {@link #BEGIN}. */
    public static Frame frame(double seconds, int level) {
        return frame(CAMERA, 1, seconds, level);
    }

    static Frame frame(CameraId camera, long epoch, double seconds, int level) {
        return new Frame(
                camera,
                epoch,
                Math.round(seconds * 10),
                new FrameTime(time(seconds), ClockSource.ARRIVAL, OptionalLong.empty()),
                FrameShape.STANDARD,
                grey(level));
    }

    /** A forecast from the frame of a time, all frames of one level. */
    public static Forecast forecast(double seconds, int level) {
        return forecast(1, seconds, level);
    }

    static Forecast forecast(long epoch, double seconds, int level) {
        return new Forecast(
                new Origin(CAMERA, epoch, Math.round(seconds * 10), time(seconds)),
                new ModelVersion("grey", "1"),
                10,
                INTERVAL,
                FrameShape.STANDARD,
                IntStream.range(0, Forecast.HORIZON)
                        .mapToObj(step -> grey(level))
                        .toList(),
                Optional.empty());
    }

    public static FrameSurprise surprise(double seconds, double surprise) {
        return new FrameSurprise(
                CAMERA, 1, Math.round(seconds * 10), time(seconds), "front/1/0/grey", 1, surprise, surprise, MAP, MAP);
    }

    public static SurprisingStretch stretch(double begin, double end, boolean ended) {
        return new SurprisingStretch(
                CAMERA, 1, Math.round(begin * 10), time(begin), time(end), ended, 3, 4.5, time(begin), MAP);
    }

    private static Pixels grey(int level) {
        var bytes = new byte[FrameShape.STANDARD.bytes()];
        Arrays.fill(bytes, (byte) level);
        return Pixels.copyOf(bytes);
    }
}
