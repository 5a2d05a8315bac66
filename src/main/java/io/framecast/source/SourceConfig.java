package io.framecast.source;

import io.framecast.frame.FrameShape;
import java.time.Duration;
import java.util.Optional;

/**
 * How every source of a run is read.
 *
 * @param fps frames wanted a second of the source's own time, above 0 up to 240; a slower source gives all it has
 * @param shape size of the frames, 3 channels
 * @param region the part of a camera's picture that is used; scenes are rendered whole
 * @param fit what happens to pictures of another aspect ratio
 * @param pace how fast files and scenes are played
 * @param loop whether a finite source begins again at its end
 * @param transport how RTSP pictures travel
 * @param openTimeout how long connecting may take, more than zero
 * @param readTimeout how long a stream may stay silent before it counts as lost, more than zero; by its pace if empty,
 *     see {@link Patience}
 * @param buffer frames kept for a slow reader before the oldest is dropped, at least 1
 * @param backoff the waits between tries to reach a lost camera
 * @param pictures whether JPEGs of some pictures are made, for people to look at
 */
public record SourceConfig(
        double fps,
        FrameShape shape,
        Region region,
        Fit fit,
        Pace pace,
        boolean loop,
        RtspTransport transport,
        Duration openTimeout,
        Optional<Duration> readTimeout,
        int buffer,
        Backoff backoff,
        boolean pictures) {
    private static final double MAX_FPS = 240;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is outside its range
     */
    public SourceConfig {
        if (!(fps > 0 && fps <= MAX_FPS)) {
            throw new IllegalArgumentException("fps " + fps + " is out of range: above 0, up to 240");
        }
        if (shape.channels() != 3) {
            throw new IllegalArgumentException(
                    "frame shape " + shape + " cannot be read: sources give 3 channels, RGB");
        }
        requirePositive("open timeout", openTimeout);
        readTimeout.ifPresent(timeout -> requirePositive("read timeout", timeout));
        if (buffer < 1) {
            throw new IllegalArgumentException("buffer of " + buffer + " frames is too small: use 1 or more");
        }
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(name + " " + value + " is out of range: more than zero, as in PT3S");
        }
    }

    /** 10 fps, 64x64x3, stretched, at the source's pace, once; RTSP over TCP or else UDP. */
    public static SourceConfig defaults() {
        return builder().build();
    }

    /** Starts with {@link #defaults()}. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts with this. */
    public Builder toBuilder() {
        return new Builder()
                .fps(fps)
                .shape(shape)
                .region(region)
                .fit(fit)
                .pace(pace)
                .loop(loop)
                .transport(transport)
                .openTimeout(openTimeout)
                .buffer(buffer)
                .backoff(backoff)
                .pictures(pictures)
                .readTimeout(readTimeout);
    }

    /** This, at another frame rate. */
    public SourceConfig withFps(double value) {
        return toBuilder().fps(value).build();
    }

    /** This, with frames of another size. */
    public SourceConfig withShape(FrameShape value) {
        return toBuilder().shape(value).build();
    }

    /** This, at another pace. */
    public SourceConfig withPace(Pace value) {
        return toBuilder().pace(value).build();
    }

    /** This, repeating or not. */
    public SourceConfig withLoop(boolean value) {
        return toBuilder().loop(value).build();
    }

    /** Sets single values by their names; the others are the defaults, or those of the configuration it came from. */
    public static final class Builder {
        private double fps = 10;
        private FrameShape shape = FrameShape.STANDARD;
        private Region region = Region.WHOLE;
        private Fit fit = Fit.STRETCH;
        private Pace pace = Pace.REALTIME;
        private boolean loop;
        private RtspTransport transport = RtspTransport.AUTO;
        private Duration openTimeout = Duration.ofSeconds(10); // relays that wake a camera need 8 s
        private Optional<Duration> readTimeout = Optional.empty();
        private int buffer = 32; // 3.2 s at 10 fps

        // A brief try lasts 3 s (see Patience): with waits up to 2 s, a camera that is back shows pictures again within
        // 5 s whenever it comes.
        private Backoff backoff = new Backoff(Duration.ofMillis(250), Duration.ofSeconds(2));

        private boolean pictures;

        private Builder() {}

        /** Frames per second of the source's own time. */
        public Builder fps(double value) {
            fps = value;
            return this;
        }

        /** Size of the frames. */
        public Builder shape(FrameShape value) {
            shape = value;
            return this;
        }

        /** The part of a camera's picture that is used. */
        public Builder region(Region value) {
            region = value;
            return this;
        }

        /** What happens to pictures of another aspect ratio. */
        public Builder fit(Fit value) {
            fit = value;
            return this;
        }

        /** How fast files and scenes are played. */
        public Builder pace(Pace value) {
            pace = value;
            return this;
        }

        /** Whether a finite source begins again at its end. */
        public Builder loop(boolean value) {
            loop = value;
            return this;
        }

        /** How RTSP pictures travel. */
        public Builder transport(RtspTransport value) {
            transport = value;
            return this;
        }

        /** How long connecting may take. */
        public Builder openTimeout(Duration value) {
            openTimeout = value;
            return this;
        }

        /** How long a stream may stay silent before it counts as lost. */
        public Builder readTimeout(Duration value) {
            return readTimeout(Optional.of(value));
        }

        /** The same; by the source's pace if empty. */
        public Builder readTimeout(Optional<Duration> value) {
            readTimeout = value;
            return this;
        }

        /** Frames kept for a slow reader. */
        public Builder buffer(int value) {
            buffer = value;
            return this;
        }

        /** The waits between tries to reach a lost camera. */
        public Builder backoff(Backoff value) {
            backoff = value;
            return this;
        }

        /** Whether JPEGs of some pictures are made, for people to look at. */
        public Builder pictures(boolean value) {
            pictures = value;
            return this;
        }

        /**
         * The configuration.
         *
         * @throws IllegalArgumentException if a value is outside its range
         */
        public SourceConfig build() {
            return new SourceConfig(
                    fps,
                    shape,
                    region,
                    fit,
                    pace,
                    loop,
                    transport,
                    openTimeout,
                    readTimeout,
                    buffer,
                    backoff,
                    pictures);
        }
    }
}
