package io.framecast.frame;

/** Which clock a capture time was read from. */
public enum ClockSource {
    /** The camera's own wall clock, as RTCP sender reports carry it. */
    CAMERA,
    /** This machine's clock when the frame arrived. */
    ARRIVAL,
    /** The time line of a file or rendered scene, laid from the moment it began to play. */
    MEDIA
}
