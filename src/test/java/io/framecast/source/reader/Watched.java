package io.framecast.source.reader;

import io.framecast.frame.CameraState;
import io.framecast.frame.CameraStatus;
import io.framecast.frame.Frame;
import io.framecast.source.FrameSource;
import io.framecast.source.RtspServer;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceCounts;
import io.framecast.source.SourceSpec;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** Everything that one subscription to a camera saw. */
final class Watched {
    final List<Frame> frames = new CopyOnWriteArrayList<>();
    final List<Long> ages = new CopyOnWriteArrayList<>();
    final List<CameraStatus> statuses = new CopyOnWriteArrayList<>();
    final AtomicReference<Throwable> failure = new AtomicReference<>();
    final Disposable.Swap subscription = Disposables.swap();
    private final FrameSource source;

    private Watched(FrameSource source) {
        this.source = source;
    }

    /** Watches the camera {@code cam} at that address. */
    static Watched open(String url, SourceConfig config) {
        var seen = new Watched(FrameSources.open(SourceSpec.parse("cam=" + url), config));
        var unused = seen.source.statuses().subscribe(seen.statuses::add); // ends with the frames
        seen.subscription.update(seen.source.frames().subscribe(seen::take, seen.failure::set));
        return seen;
    }

    private void take(Frame frame) {
        RtspServer.drawnAt(frame).ifPresent(drawn -> ages.add(RtspServer.ageMillis(frame)));
        frames.add(frame);
    }

    CameraStatus status() {
        return statuses.isEmpty()
                ? new CameraStatus(source.camera(), CameraState.CONNECTING, Instant.EPOCH, Optional.empty(), 0, "")
                : statuses.get(statuses.size() - 1);
    }

    SourceCounts counts() {
        return source.counts();
    }

    Frame last() {
        return frames.get(frames.size() - 1);
    }
}
