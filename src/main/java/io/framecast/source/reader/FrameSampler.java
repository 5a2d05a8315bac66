package io.framecast.source.reader;

import io.framecast.frame.CameraId;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameTime;
import io.framecast.source.Counters;
import io.framecast.source.Nature;
import io.framecast.source.Pace;
import io.framecast.source.Session;
import io.framecast.source.SourceConfig;
import io.framecast.source.Stop;
import org.jspecify.annotations.Nullable;

/**
 * Reads a source as frames: pictures, placed on the time line, sampled, paced, scaled, numbered. Used by one thread.
 */
final class FrameSampler implements AutoCloseable {
    private final CameraId camera;
    private final SourceConfig config;
    private final ReconnectingSession sessions;
    private final Counters counters;
    private final StatusBoard board;
    private final PictureTap tap;
    private final Stop stop;
    private final SamplingGrid grid;
    private final CameraClock cameraClock;
    private @Nullable Timeline timeline;
    private long sequence;

    FrameSampler(
            CameraId camera,
            SourceConfig config,
            ReconnectingSession sessions,
            Counters counters,
            StatusBoard board,
            PictureTap tap,
            Stop stop) {
        this.camera = camera;
        this.config = config;
        this.sessions = sessions;
        this.counters = counters;
        this.board = board;
        this.tap = tap;
        this.stop = stop;
        this.grid = new SamplingGrid(config.fps());
        this.cameraClock = new CameraClock(camera);
    }

    /**
     * The next frame.
     *
     * @return {@code null} at the end, or when told to stop
     * @throws SourceException for what cannot be mended by trying again
     */
    @Nullable
    Frame next() {
        for (var picture = sessions.next(); picture != null; picture = sessions.next()) {
            counters.read();
            var session = sessions.session();
            var arrival = Moment.now();
            cameraClock.compare(picture, arrival);
            var place = timeline(session).place(picture, arrival);
            if (place.first()) {
                grid.restart();
                sequence = 0;
            }
            if (grid.takes(place.micros())) {
                var frame = frame(place, session);
                keepPace(place, session);
                if (stop.given()) {
                    return null; // it was not due yet, so it was never sampled
                }
                counters.sampled();
                tap.offer(session, frame);
                return frame;
            }
        }
        return null;
    }

    private Timeline timeline(Session session) {
        var known = timeline;
        if (known == null) {
            known = new Timeline(session.nature().isEndless());
            timeline = known;
        }
        return known;
    }

    private Frame frame(Timeline.Place place, Session session) {
        var pixels = session.pixels();
        board.live(place.captured());
        var time = new FrameTime(place.captured(), place.clock(), place.pts());
        return new Frame(camera, place.epoch(), sequence++, time, config.shape(), pixels);
    }

    private void keepPace(Timeline.Place place, Session session) {
        boolean isPlayed = session.nature() == Nature.FINITE && config.pace() == Pace.REALTIME;
        if (isPlayed || session.nature() == Nature.PLAYLIST) {
            var wait = place.start().nanos() + place.micros() * 1_000 - System.nanoTime();
            if (wait > 0) {
                stop.await(wait);
            }
        }
    }

    @Override
    public void close() {
        sessions.close();
    }
}
