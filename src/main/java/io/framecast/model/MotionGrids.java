package io.framecast.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.motion.FlowField;
import io.framecast.motion.Motion;
import io.framecast.motion.OpticalFlow;
import io.framecast.motion.Origins;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The motion of contexts as arrays that a network samples pictures with. Places are (column, row) from -1, the first
 * pixel's middle, to 1, the last one's.
 *
 * @param flows (B, 4, H, W): columns and rows of the near flow, then of the steady one, in pixels a frame
 * @param back (B, 4, H, W, 2): where the last frame's pixels were 1 frame earlier by the near flow, and 1, 3 and 6 by
 *     the steady one
 * @param ahead (B, N, 3, H, W, 2): where the pixels of each step come from, by the near flow, by the steady one, and by
 *     the steady one slowing down
 * @param uncovered (B, N, 3, H, W): 1 where nothing is known to arrive
 */
record MotionGrids(NDArray flows, NDArray back, NDArray ahead, NDArray uncovered) {
    /** Frames that the steady flow is followed back, the distances at which the script's evidence compares frames. */
    private static final int[] STEADY_BACK = {1, 3, 6};

    /** The near flow, the steady one, and the steady one slowing down. */
    private static final int WAYS = 3;

    /**
     * Frames after which slowing movement has lost all but 1/e of its speed: that of hands and heads. In the
     * experiments on flow-mixture, half at constant speed and half slowing down so was the best mixture without
     * learning.
     */
    private static final double SLOWING = 4;

    /**
     * Measures the motion of each context, in parallel on all processors.
     *
     * @param manager whose end is that of the arrays
     * @param contexts B lists of K pictures
     * @param steps N steps after the last picture
     */
    static MotionGrids of(
            NDManager manager, OpticalFlow opticalFlow, FrameShape shape, List<List<Pixels>> contexts, int[] steps) {
        return of(manager, shape, contexts, steps, context -> Motion.of(opticalFlow, shape, context));
    }

    /** As that, with the motion measured in another way. */
    static MotionGrids of(
            NDManager manager,
            FrameShape shape,
            List<List<Pixels>> contexts,
            int[] steps,
            Function<List<Pixels>, Motion> measured) {
        int places = shape.height() * shape.width();
        int batch = contexts.size();
        List<Motion> motions = contexts.stream().parallel().map(measured).toList();
        Past past = past(manager, shape, motions);
        var ahead = new LentFloats(manager, (long) batch * steps.length * WAYS * places * 2);
        var uncovered = new LentFloats(manager, (long) batch * steps.length * WAYS * places);
        IntStream.range(0, batch).parallel().forEach(i -> {
            putFuture(motions.get(i), steps, ahead.part(i, batch), uncovered.part(i, batch));
        });
        int height = shape.height();
        int width = shape.width();
        return new MotionGrids(
                past.flows(),
                past.back(),
                ahead.array(new Shape(batch, steps.length, WAYS, height, width, 2)),
                uncovered.array(new Shape(batch, steps.length, WAYS, height, width)));
    }

    /** The part of the grids that is about the context, with the same shapes. */
    record Past(NDArray flows, NDArray back) {}

    /**
     * Puts down the motion of contexts, as far as it is about them.
     *
     * @param manager whose end is that of the arrays
     */
    static Past past(NDManager manager, FrameShape shape, List<Motion> motions) {
        int places = shape.height() * shape.width();
        int batch = motions.size();
        var flows = new LentFloats(manager, batch * 4L * places);
        var back = new LentFloats(manager, batch * 4L * places * 2);
        for (int i = 0; i < batch; i++) {
            putPast(motions.get(i), places, flows.part(i, batch), back.part(i, batch));
        }
        return new Past(
                flows.array(new Shape(batch, 4, shape.height(), shape.width())),
                back.array(new Shape(batch, 4, shape.height(), shape.width(), 2)));
    }

    private static void putPast(Motion motion, int places, FloatBuffer flows, FloatBuffer back) {
        put(motion.near(), places, flows);
        put(motion.steady(), places, flows);
        put(motion.near().earlier(1), back);
        for (int frames : STEADY_BACK) {
            put(motion.steady().earlier(frames), back);
        }
    }

    private static void putFuture(Motion motion, int[] steps, FloatBuffer ahead, FloatBuffer uncovered) {
        for (int step : steps) {
            float slowed = slowed(step);
            for (Origins origins : List.of(
                    motion.near().origins(step),
                    motion.steady().origins(step),
                    motion.steady().origins(slowed))) {
                put(origins, ahead);
                uncovered.put(origins.uncovered());
            }
        }
    }

    /** How far what slows down gets in some steps, in its frames at full speed. */
    static float slowed(int steps) {
        return (float) (SLOWING * (1 - Math.exp(-steps / SLOWING)));
    }

    private static void put(FlowField flow, int places, FloatBuffer into) {
        for (int place = 0; place < places; place++) {
            into.put(flow.dx(place));
        }
        for (int place = 0; place < places; place++) {
            into.put(flow.dy(place));
        }
    }

    private static void put(Origins origins, FloatBuffer into) {
        float halfWidth = (origins.shape().width() - 1) / 2f;
        float halfHeight = (origins.shape().height() - 1) / 2f;
        for (int place = 0; place < origins.columns().length; place++) {
            into.put(origins.columns()[place] / halfWidth - 1);
            into.put(origins.rows()[place] / halfHeight - 1);
        }
    }
}
