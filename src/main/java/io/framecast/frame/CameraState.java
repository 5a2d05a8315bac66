package io.framecast.frame;

/** What a camera is doing. */
public enum CameraState {
    /** Being opened for the first time. */
    CONNECTING,
    /** Delivering frames. */
    LIVE,
    /** Lost or not reached; being tried again. */
    RECONNECTING,
    /** Played to its end. */
    ENDED,
    /** It cannot work as it is; a camera is tried again all the same, rarely. */
    FAILED
}
