package io.framecast.source.reader;

import io.framecast.source.Patience;
import io.framecast.source.Picture;
import io.framecast.source.Session;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceException;
import io.framecast.source.SourceFailure;
import io.framecast.source.SourceLocation;
import io.framecast.source.Stop;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Opens one session after another: the one place that reconnects (live sources) and repeats (finite ones). Used by one
 * thread.
 */
final class ReconnectingSession implements AutoCloseable {
    /** Opens the source once; {@code number} marks its pictures. */
    interface Opener {
        Session open(int number);
    }

    /** Cameras lock an account after a few wrong passwords, so that one is not tried every two seconds. */
    private static final long UNAUTHORIZED_WAIT = 30_000_000_000L;

    /** What cannot work as it is, such as an address without a video, may be mended while we run. */
    private static final long HOPELESS_WAIT = 60_000_000_000L;

    private final Opener opener;
    private final SourceLocation location;
    private final SourceConfig config;
    private final StatusBoard board;
    private final Stop stop;
    private @Nullable Session session;
    private int opened;
    private int failures;
    private boolean everRead;
    private boolean readThis;
    private final Patience patience;
    private OptionalLong endedInOrder = OptionalLong.empty();

    ReconnectingSession(
            Opener opener,
            SourceLocation location,
            SourceConfig config,
            StatusBoard board,
            Stop stop,
            Patience patience) {
        this.opener = opener;
        this.location = location;
        this.config = config;
        this.board = board;
        this.stop = stop;
        this.patience = patience;
    }

    /**
     * The next picture of this session or a later one.
     *
     * @return {@code null} at the end, or when told to stop
     * @throws SourceException for what cannot be mended by trying again
     */
    @Nullable
    Picture next() {
        while (!stop.given()) {
            try {
                var picture = session().next();
                if (picture != null && !readThis && isTheSameAgain()) {
                    close();
                    return null;
                }
                if (picture != null) {
                    everRead = true;
                    readThis = true;
                    failures = 0;
                    return picture;
                }
                if (!stop.given() && !continuesAfterEnd()) {
                    return null;
                }
            } catch (SourceException failure) {
                retryLater(failure);
            }
        }
        return null;
    }

    /** The session that gave the last picture. */
    Session session() {
        var open = session;
        if (open == null) {
            readThis = false;
            open = opener.open(opened++);
            session = open;
        }
        return open;
    }

    /** A download of unknown length ends like a stream; played again it begins with the same packet. */
    private boolean isTheSameAgain() {
        return endedInOrder.isPresent() && endedInOrder.equals(session().fingerprint());
    }

    private boolean continuesAfterEnd() {
        var ended = session();
        close();
        if (ended.nature().isEndless()) {
            endedInOrder = ended.fingerprint();
            throw SourceFailure.ENDED.of(location);
        }
        if (!readThis) {
            throw SourceFailure.NO_PICTURE.of(location);
        }
        return config.loop();
    }

    private void retryLater(SourceException failure) {
        var endless = session != null ? session.nature().isEndless() : mayBeEndless();
        close();
        if (stop.given()) {
            return;
        }
        if (!endless) {
            throw failure;
        }
        failures++;
        patience.failed(failure.reason() == SourceException.Reason.TIMED_OUT);
        var why = String.valueOf(failure.getMessage());
        boolean isRefused = failure.reason() == SourceException.Reason.UNAUTHORIZED;
        if ((failure.reason().permanent() || isRefused) && !everRead) {
            board.hopeless(why);
            stop.await(HOPELESS_WAIT);
            return;
        }
        board.lost(why);
        var delay = config.backoff()
                .delay(failures, ThreadLocalRandom.current().nextDouble())
                .toNanos();
        stop.await(isRefused ? UNAUTHORIZED_WAIT : delay);
    }

    private boolean mayBeEndless() {
        return switch (location.kind()) {
            case DEVICE, RTSP, HTTP, STREAM -> true;
            case FILE, SCENE -> false;
        };
    }

    @Override
    public void close() {
        if (session != null) {
            session.close();
            session = null;
        }
    }
}
