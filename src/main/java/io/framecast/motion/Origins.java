package io.framecast.motion;

import io.framecast.frame.FrameShape;

/**
 * Where each pixel of a picture comes from in another one; it keeps the arrays it is given.
 *
 * @param shape the size of both pictures
 * @param columns column in the other picture, between pixels too and beyond the border, H x W
 * @param rows row in the other picture, likewise
 * @param uncovered 1 where nothing is known to arrive and the pixel's own movement is used, else 0, H x W
 */
@SuppressWarnings("ArrayRecordComponent") // only read, and never compared
public record Origins(FrameShape shape, float[] columns, float[] rows, float[] uncovered) {}
