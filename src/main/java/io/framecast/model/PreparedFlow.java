package io.framecast.model;

import ai.djl.ndarray.NDManager;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.motion.OpticalFlow;
import java.util.List;

/**
 * The forecast of a {@link FlowNetwork} on the processor, one window after the other.
 *
 * @param <T> the trunk's packed layers
 */
abstract class PreparedFlow<T extends AutoCloseable> implements PreparedForecast {
    final FrameShape shape;
    final OpticalFlow opticalFlow;
    final T trunk;
    final BlendKernel blend;

    PreparedFlow(FrameShape shape, OpticalFlow opticalFlow, T trunk, BlendKernel blend) {
        this.shape = shape;
        this.opticalFlow = opticalFlow;
        this.trunk = trunk;
        this.blend = blend;
    }

    @Override
    public final List<List<Pixels>> of(NDManager scratch, List<List<Pixels>> contexts) {
        return contexts.stream()
                .map(context -> one(scratch, context, ofLength(context)))
                .toList();
    }

    /**
     * The forecast of one window.
     *
     * @param context what is known
     * @param frames {@link FlowMixture#CONTEXT} frames of it
     */
    abstract List<Pixels> one(NDManager scratch, List<Pixels> context, List<Pixels> frames);

    final Planes size() {
        return new Planes(shape.height(), shape.width());
    }

    /** As {@link FrameArrays#ofLength}. */
    private static List<Pixels> ofLength(List<Pixels> context) {
        int more = Math.max(0, context.size() - FlowMixture.CONTEXT);
        return FrameArrays.filledUp(context.subList(more, context.size()), FlowMixture.CONTEXT);
    }
}
