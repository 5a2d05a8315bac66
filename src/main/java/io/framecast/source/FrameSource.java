package io.framecast.source;

import io.framecast.frame.CameraId;
import io.framecast.frame.CameraPicture;
import io.framecast.frame.CameraStatus;
import io.framecast.frame.Frame;
import reactor.core.publisher.Flux;

/** One camera, stream, file or scene, read as frames of one shape. */
public interface FrameSource {
    /** Which camera its frames belong to. */
    CameraId camera();

    /**
     * The frames, in order, at the configured rate and shape. Cold, for one subscriber, once: subscribing opens the
     * source, the end of a finite source completes it, cancelling stops reading at once and closes the source soon
     * after, whatever the other side does. A live source never ends by itself: it reconnects, and every stretch is an
     * epoch of its own. Frames arrive on a thread of the source, where blocking is allowed; while it is blocked, live
     * and real-time sources keep the newest frames and count what they drop, others wait.
     *
     * <p>Fails with {@link SourceException} for what can never work, and with {@link IllegalStateException} for a
     * second subscriber.
     */
    Flux<Frame> frames();

    /**
     * What the camera is doing, at each change of state. Hot; replays the newest, and completes when the frames have
     * ended. Before the subscription to {@link #frames()} it is empty.
     */
    Flux<CameraStatus> statuses();

    /**
     * Some of the pictures that frames are made of, in full, where the configuration asks for them: a few a second, for
     * people to look at. Hot; a slow reader misses some, and frames never wait for them. They arrive on a thread that
     * all sources share.
     */
    Flux<CameraPicture> pictures();

    /**
     * Ends the frames as if the source had come to its end: nothing more is sampled, what was sampled before still
     * arrives, then they complete. Before the subscription it makes them complete at once; a second call does nothing.
     */
    void stop();

    /** What was read and lost so far; a snapshot from any thread at any time. */
    SourceCounts counts();
}
