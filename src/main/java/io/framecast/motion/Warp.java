package io.framecast.motion;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;

/**
 * Moves a picture along a flow: each pixel is fetched from where the flow says it comes from, between four pixels
 * bilinearly, and from the border if that is outside.
 */
public final class Warp {
    private Warp() {}

    /**
     * The picture as it is after {@code frames} more frames of the same movement.
     *
     * @param picture fills the flow's shape
     * @param flow pixels a frame
     * @param frames how often the flow is repeated; negative goes back in time
     * @return H x W x C values, 0 to 255, a fresh array
     * @throws IllegalArgumentException if the picture does not fill the shape
     */
    public static float[] along(FlowField flow, Pixels picture, float frames) {
        FrameShape shape = flow.shape();
        if (picture.size() != shape.bytes()) {
            throw new IllegalArgumentException(
                    "picture has " + picture.size() + " bytes, the flow's shape " + shape + " needs " + shape.bytes());
        }
        byte[] from = picture.toByteArray();
        var warped = new float[shape.bytes()];
        int place = 0;
        for (int row = 0; row < shape.height(); row++) {
            for (int column = 0; column < shape.width(); column++) {
                float x = column - frames * flow.dx(place);
                float y = row - frames * flow.dy(place);
                fetch(from, shape, x, y, warped, place);
                place++;
            }
        }
        return warped;
    }

    private static void fetch(byte[] from, FrameShape shape, float x, float y, float[] into, int place) {
        int channels = shape.channels();
        float insideX = Math.max(0, Math.min(x, shape.width() - 1));
        float insideY = Math.max(0, Math.min(y, shape.height() - 1));
        int left = (int) insideX;
        int top = (int) insideY;
        float shareRight = insideX - left;
        float shareBelow = insideY - top;
        int right = left + 1 < shape.width() ? channels : 0;
        int below = top + 1 < shape.height() ? channels * shape.width() : 0;
        int corner = (top * shape.width() + left) * channels;
        for (int c = 0; c < channels; c++) {
            int at = corner + c;
            float above = mix(from[at], from[at + right], shareRight);
            float under = mix(from[at + below], from[at + below + right], shareRight);
            into[place * channels + c] = above + shareBelow * (under - above);
        }
    }

    private static float mix(byte first, byte second, float shareOfSecond) {
        int start = first & 0xFF;
        return start + shareOfSecond * ((second & 0xFF) - start);
    }
}
