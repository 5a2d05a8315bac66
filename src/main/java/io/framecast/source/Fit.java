package io.framecast.source;

/** How a picture of another aspect ratio is brought to the frame's shape. */
public enum Fit {
    /** The whole picture, squeezed or stretched to the shape. */
    STRETCH,
    /** The largest centred part that has the shape's aspect ratio. */
    CROP,
    /** The whole picture, undistorted, centred between black bars. */
    LETTERBOX
}
