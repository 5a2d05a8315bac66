package io.framecast.motion;

import io.framecast.frame.FrameShape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How far each pixel moves from one frame to the next, in pixels a frame, right and down positive; immutable. */
public final class FlowField {
    private final FrameShape shape;
    private final float[] dx;
    private final float[] dy;

    /** Made when it is first wanted, as most flows are only steps to another. */
    private volatile @Nullable Arrivals arrivals;

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
            int origin = landings[place] == Arrivals.NONE ? place : landings[place];
            columns[place] = column(place) - frames * dx[origin];
            rows[place] = row(place) - frames * dy[origin];
            uncovered[place] = landings[place] == Arrivals.NONE ? 1 : 0;
        }
        return new Origins(shape, columns, rows, uncovered);
    }

    /**
     * Finds the pixel whose movement arrives at each pixel, by which {@link #origins} say where that comes from.
     *
     * @param frames how often the movement is repeated, 0 or more
     * @param into receives the places, row by row, H x W; -1 where nothing arrives
     */
    public void arrivals(float frames, int[] into) {
        arrivals().after(frames, into);
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

    /** The place whose movement arrives at each pixel, or {@link Arrivals#NONE}. */
    private int[] landings(float frames) {
        var origins = new int[dx.length];
        arrivals().after(frames, origins);
        return origins;
    }

    private Arrivals arrivals() {
        Arrivals known = arrivals;
        if (known == null) {
            known = new Arrivals(shape.width(), shape.height(), dx, dy);
            arrivals = known;
        }
        return known;
    }

    private FlowField from(int[] origins) {
        var right = new float[origins.length];
        var down = new float[origins.length];
        for (int place = 0; place < origins.length; place++) {
            int origin = origins[place] == Arrivals.NONE ? place : origins[place];
            right[place] = dx[origin];
            down[place] = dy[origin];
        }
        return new FlowField(shape, right, down);
    }
}
