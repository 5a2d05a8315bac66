package io.framecast.source;

/** How a source goes on in time. It is decided from what is found when the source is opened, not from its name. */
public enum Nature {
    /** A camera: pictures come at their own pace and without end, so any end is a loss. */
    LIVE,
    /** A live stream cut into files that are fetched ahead: paced by its timestamps; any end is a loss. */
    PLAYLIST,
    /** One picture behind an address, fetched again and again: paced by whoever replaces it. */
    STILL,
    /** A file, a download, a finished playlist or a scene: paced by its timestamps, and then it ends. */
    FINITE;

    /** Whether it is expected to go on, so that it is waited for when it ends. */
    public boolean isEndless() {
        return this != FINITE;
    }

    /** Whether its pictures are read when they are due by their timestamps; else they come when they come. */
    public boolean isPacedByTimestamps() {
        return this == PLAYLIST || this == FINITE;
    }
}
