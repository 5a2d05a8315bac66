package io.framecast.data;

import io.framecast.frame.CameraId;
import io.framecast.frame.ClockSource;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.frame.FrameTime;
import io.framecast.frame.Pixels;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;

/** Gives pictures that come without a time their place in one: evenly, from 1970 on. */
final class FramePlaces {
    private static final double USUAL_RATE = 10;
    private static final double FASTEST_RATE = 240;

    private final CameraId camera;
    private final double rate;
    private long epoch;
    private long sequence;

    /** @param rate frames a second; the highest that can be asked for stands for none, and counts as 10 */
    FramePlaces(CameraId camera, double rate) {
        this.camera = camera;
        this.rate = rate >= FASTEST_RATE ? USUAL_RATE : rate;
    }

    /** Begins the next stretch. */
    void gap() {
        epoch++;
        sequence = 0;
    }

    Frame next(FrameShape shape, Pixels pixels) {
        long micros = Math.round(sequence * 1e6 / rate);
        var time = new FrameTime(
                Instant.EPOCH.plus(micros, ChronoUnit.MICROS), ClockSource.MEDIA, OptionalLong.of(micros));
        return new Frame(camera, epoch, sequence++, time, shape, pixels);
    }
}
