package io.framecast.source;

/** How fast files and rendered scenes are played; cameras and RTSP streams have their own pace and ignore it. */
public enum Pace {
    /** As their timestamps say; a reader that is too slow loses the oldest frames, counted. */
    REALTIME,
    /** As fast as the reader asks for frames; none is lost. */
    MAX
}
