package io.framecast.motion;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.util.ArrayList;
import java.util.List;

/**
 * How the last frame of a window moves, measured twice: quickly, and steadily.
 *
 * <p>Both are measured from the last frame back, and turned round, so that each movement stands at its pixel's newest
 * place.
 *
 * @param near the flow of the last pair
 * @param steady the mean flow of the last three pairs, measured on pictures of twice the size, which sees slower
 *     movement
 */
public record Motion(FlowField near, FlowField steady) {
    private static final int PAIRS = 3;
    private static final int FINER = 2;

    /**
     * Measures it.
     *
     * @param frames at least one, oldest first; with one only nothing moves
     */
    public static Motion of(OpticalFlow opticalFlow, FrameShape shape, List<Pixels> frames) {
        int last = frames.size() - 1;
        if (last == 0) {
            return still(shape);
        }
        var flows = new ArrayList<FlowField>();
        for (int back = 1; back <= Math.min(PAIRS, last); back++) {
            flows.add(flow(opticalFlow, shape, frames, back, FINER));
        }
        return new Motion(flow(opticalFlow, shape, frames, 1, 1), FlowField.mean(flows));
    }

    /**
     * Measures it in a third of the time: the steady flow is that of one pair, two frames apart.
     *
     * @param frames at least one, oldest first; with one only nothing moves
     */
    public static Motion roughly(OpticalFlow opticalFlow, FrameShape shape, List<Pixels> frames) {
        int last = frames.size() - 1;
        if (last == 0) {
            return still(shape);
        }
        return new Motion(
                flow(opticalFlow, shape, frames, 1, 1), flow(opticalFlow, shape, frames, Math.min(2, last), FINER));
    }

    private static Motion still(FrameShape shape) {
        return new Motion(FlowField.still(shape), FlowField.still(shape));
    }

    /** The movement in one frame, from a pair some frames apart. */
    private static FlowField flow(
            OpticalFlow opticalFlow, FrameShape shape, List<Pixels> frames, int apart, int enlarged) {
        int last = frames.size() - 1;
        return opticalFlow
                .between(shape, frames.get(last), frames.get(last - apart), enlarged)
                .times(-1f / apart);
    }
}
