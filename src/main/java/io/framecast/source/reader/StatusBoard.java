package io.framecast.source.reader;

import io.framecast.frame.CameraId;
import io.framecast.frame.CameraState;
import io.framecast.frame.CameraStatus;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** Tells what a camera is doing, each change once. */
final class StatusBoard {
    private static final int TOLD_AGAIN = 3;

    private final Sinks.Many<CameraStatus> statuses = Sinks.many().replay().latest();
    private final CameraId camera;
    private @Nullable CameraState state;
    private String reason = "";
    private @Nullable Instant lastFrame;
    private int reconnects;
    private boolean finished;

    StatusBoard(CameraId camera) {
        this.camera = camera;
    }

    Flux<CameraStatus> statuses() {
        return statuses.asFlux();
    }

    synchronized void connecting() {
        change(CameraState.CONNECTING, "");
    }

    /** A frame was captured. */
    synchronized void live(Instant captured) {
        lastFrame = captured;
        change(CameraState.LIVE, "");
    }

    /** Lost, or not reached; it will be tried again. */
    synchronized void lost(String why) {
        reconnects++;
        if (reconnects == TOLD_AGAIN && lastFrame == null) {
            reason = ""; // so that who waits for a first picture sees that there was more than one try
        }
        change(CameraState.RECONNECTING, why);
    }

    /** It cannot work as it is; it will be tried again, rarely. */
    synchronized void hopeless(String why) {
        reconnects++;
        change(CameraState.FAILED, why);
    }

    synchronized void ended(String why) {
        finish(CameraState.ENDED, why);
    }

    synchronized void failed(String why) {
        finish(CameraState.FAILED, why);
    }

    private void finish(CameraState last, String why) {
        if (!finished) {
            change(last, why);
            finished = true;
            statuses.tryEmitComplete();
        }
    }

    private void change(CameraState to, String why) {
        if (finished || (state == to && reason.equals(why))) {
            return;
        }
        state = to;
        reason = why;
        statuses.tryEmitNext(
                new CameraStatus(camera, to, Instant.now(), Optional.ofNullable(lastFrame), reconnects, why));
    }
}
