package io.framecast.source.ffmpeg;

import io.framecast.frame.Pixels;
import io.framecast.source.FullPicture;
import io.framecast.source.Nature;
import io.framecast.source.Picture;
import io.framecast.source.Session;
import io.framecast.source.SourceException;
import io.framecast.source.SourceFailure;
import io.framecast.source.SourceLocation;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A picture behind an address that is replaced by newer ones, fetched again and again. One that has not changed is no
 * new picture; one that comes late, or broken, is fetched again.
 */
final class StillSession implements Session {
    private static final long SHORTEST_WAIT = 200_000_000;
    private static final int TRIES = 4;
    private static final int BROKEN = 25;

    private final SourceLocation location;
    private final Supplier<FfmpegSession> opener;
    private final FfmpegSession.Reading reading;
    private final long wait;
    private @Nullable FfmpegSession open;
    private OptionalLong shown = OptionalLong.empty();
    private long lastFetch = System.nanoTime();

    /**
     * Begins with a picture that was fetched.
     *
     * @param fps the most pictures a second; it asks for five at most
     */
    StillSession(
            SourceLocation location,
            FfmpegSession first,
            Supplier<FfmpegSession> opener,
            double fps,
            FfmpegSession.Reading reading) {
        this.location = location;
        open = first;
        this.opener = opener;
        this.reading = reading;
        wait = Math.max(SHORTEST_WAIT, Math.round(1e9 / fps));
    }

    @Override
    public @Nullable Picture next() {
        for (int failed = 0; !reading.stop().given(); ) {
            try {
                var fetched = fetch();
                var picture = fetched.next();
                if (picture == null) {
                    failed = retry(failed, null);
                } else if (!fetched.firstPacket().equals(shown)) {
                    shown = fetched.firstPacket();
                    return new Picture(
                            picture.session(),
                            picture.width(),
                            picture.height(),
                            OptionalLong.empty(),
                            Optional.empty());
                }
            } catch (SourceException failure) {
                failed = retry(failed, failure);
            }
        }
        return null;
    }

    /** The picture that was fetched at the start, or else a new one when its time has come. */
    private FfmpegSession fetch() {
        var fetched = open;
        if (fetched == null || shown.isPresent()) {
            close();
            reading.stop().await(lastFetch + wait - System.nanoTime());
            lastFetch = System.nanoTime();
            fetched = opener.get();
            open = fetched;
        }
        return fetched;
    }

    private int retry(int failed, @Nullable SourceException failure) {
        close();
        if (failed + 1 >= TRIES && failure != null) {
            throw failure;
        }
        if (failed + 1 >= BROKEN) {
            throw SourceFailure.STILL_UNREADABLE.of(location);
        }
        return failed + 1;
    }

    @Override
    public Pixels pixels() {
        return fetched().pixels();
    }

    @Override
    public FullPicture fullPicture(int longest) {
        return fetched().fullPicture(longest);
    }

    private FfmpegSession fetched() {
        var fetched = open;
        if (fetched == null) {
            throw new IllegalStateException("no picture was read yet: call next() first");
        }
        return fetched;
    }

    @Override
    public Nature nature() {
        return Nature.STILL;
    }

    @Override
    public void close() {
        var fetched = open;
        open = null;
        if (fetched != null) {
            fetched.close();
        }
    }
}
