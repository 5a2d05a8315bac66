package io.framecast.motion;

import io.framecast.frame.FrameShape;
import java.util.Arrays;
import java.util.List;

/** How far each pixel moves from one frame to the next, in pixels a frame, right and down positive; immutable. */
public final class FlowField {
    /** How near a pixel a movement must arrive, in pixels: what grows by half a frame leaves no gap. */
    private static final float REACH = 0.75f;

    private static final int NONE = -1;

    private final FrameShape shape;
    private final float[] dx;
    private final float[] dy;

    /**
     * Copies the movements.
     *
     * @param shape the size of the frames
     * @param dx movement to the right of each pixel, row by row, H x W
     * @param dy movement down of each pixel, row by row, H x W
     * @throws IllegalArgumentException if one does not have a value a pixel
     */
    public FlowField(FrameShape shape, float[] dx, float[] dy) {
        int places = shape.height() * shape.width();
        if (dx.length != places || dy.length != places) {
            throw new IllegalArgumentException("flow of " + dx.length + " and " + dy.length
                    + " movements does not fit frames of " + shape + ", which have " + places + " pixels");
        }
        this.shape = shape;
        this.dx = dx.clone();
        this.dy = dy.clone();
    }

    /** The flow of a scene that does not move. */
    public static FlowField still(FrameShape shape) {
        var zeros = new float[shape.height() * shape.width()];
        return new FlowField(shape, zeros, zeros);
    }

    /** The size of the frames it was measured between. */
    public FrameShape shape() {
        return shape;
    }

    /** The movement to the right of the pixel at {@code place}, which is row times width plus column. */
    public float dx(int place) {
        return dx[place];
    }

    /** The movement down of the pixel at {@code place}, which is row times width plus column. */
    public float dy(int place) {
        return dy[place];
    }

    /**
     * The flow {@code frames} frames later, if everything keeps its course: each movement stands where its pixel has
     * arrived. A backward warp needs it to draw a thing beyond the place where it was seen moving. Where several
     * movements arrive the fastest counts, as things move in front of the background; where none does, the one from
     * here stays, and draws what comes from behind.
     *
     * <p>As in the interpolation of S. Baker et al.: A Database and Evaluation Methodology for Optical Flow. IJCV 2011,
     * which compares colours instead of speeds.
     *
     * @param frames how often the movement is repeated, 0 or more
     */
    public FlowField carried(float frames) {
        return from(landings(frames));
    }

    /**
     * Where each pixel of the picture {@code frames} frames later comes from, if everything keeps its course. The flow
     * must be that of the picture's own pixels: measured from it to an earlier one, and turned round.
     *
     * @param frames how often the movement is repeated, 0 or more
     */
    public Origins origins(float frames) {
        int[] landings = landings(frames);
        var columns = new float[landings.length];
        var rows = new float[landings.length];
        var uncovered = new float[landings.length];
        for (int place = 0; place < landings.length; place++) {
            int origin = landings[place] == NONE ? place : landings[place];
            columns[place] = column(place) - frames * dx[origin];
            rows[place] = row(place) - frames * dy[origin];
            uncovered[place] = landings[place] == NONE ? 1 : 0;
        }
        return new Origins(shape, columns, rows, uncovered);
    }

    /**
     * Where each pixel of the picture was {@code frames} frames earlier, for a flow as {@link #origins} wants it.
     *
     * @param frames how often the movement is undone
     */
    public Origins earlier(float frames) {
        var columns = new float[dx.length];
        var rows = new float[dx.length];
        for (int place = 0; place < dx.length; place++) {
            columns[place] = column(place) - frames * dx[place];
            rows[place] = row(place) - frames * dy[place];
        }
        return new Origins(shape, columns, rows, new float[dx.length]);
    }

    private int column(int place) {
        return place % shape.width();
    }

    private int row(int place) {
        return place / shape.width();
    }

    /** The same movements, {@code factor} times as far. */
    public FlowField times(float factor) {
        var right = dx.clone();
        var down = dy.clone();
        for (int place = 0; place < right.length; place++) {
            right[place] *= factor;
            down[place] *= factor;
        }
        return new FlowField(shape, right, down);
    }

    /**
     * The mean movement of flows of one shape.
     *
     * @param flows at least one
     */
    public static FlowField mean(List<FlowField> flows) {
        var right = new float[flows.get(0).dx.length];
        var down = new float[right.length];
        for (FlowField flow : flows) {
            for (int place = 0; place < right.length; place++) {
                right[place] += flow.dx[place] / flows.size();
                down[place] += flow.dy[place] / flows.size();
            }
        }
        return new FlowField(flows.get(0).shape, right, down);
    }

    /** The place whose movement arrives at each pixel, or {@link #NONE}. */
    private int[] landings(float frames) {
        var origins = new int[dx.length];
        Arrays.fill(origins, NONE);
        var fastest = new float[dx.length]; // squared: only compared
        int place = 0;
        for (int row = 0; row < shape.height(); row++) {
            for (int column = 0; column < shape.width(); column++) {
                land(place, column + frames * dx[place], row + frames * dy[place], origins, fastest);
                place++;
            }
        }
        return origins;
    }

    private void land(int place, float x, float y, int[] origins, float[] fastest) {
        if (!(x > -1 && x < shape.width() && y > -1 && y < shape.height())) {
            return; // far enough outside to overflow what follows
        }
        float speed = dx[place] * dx[place] + dy[place] * dy[place];
        int top = Math.max(0, -floor(REACH - y));
        int bottom = Math.min(shape.height() - 1, floor(y + REACH));
        int left = Math.max(0, -floor(REACH - x));
        int right = Math.min(shape.width() - 1, floor(x + REACH));
        for (int row = top; row <= bottom; row++) {
            for (int at = row * shape.width() + left; at <= row * shape.width() + right; at++) {
                if (origins[at] == NONE || speed > fastest[at]) {
                    origins[at] = place;
                    fastest[at] = speed;
                }
            }
        }
    }

    /** Without the detour over double that the library's takes. */
    private static int floor(float value) {
        int whole = (int) value;
        return whole > value ? whole - 1 : whole;
    }

    private FlowField from(int[] origins) {
        var right = new float[origins.length];
        var down = new float[origins.length];
        for (int place = 0; place < origins.length; place++) {
            int origin = origins[place] == NONE ? place : origins[place];
            right[place] = dx[origin];
            down[place] = dy[origin];
        }
        return new FlowField(shape, right, down);
    }
}
