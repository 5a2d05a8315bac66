package io.framecast.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.motion.Motion;
import io.framecast.motion.OpticalFlow;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * {@link FlowMixture#forecast} on the processor, one window after the other: {@link ContextReading}, {@link PackedUNet}
 * and {@link BlendKernel} in turn. A test compares the two.
 */
final class PreparedFlowMixture implements PreparedForecast {
    private final FrameShape shape;
    private final OpticalFlow opticalFlow;
    private final PackedUNet trunk;
    private final BlendKernel blend;

    /**
     * Joins the parts.
     *
     * @param trunk from the evidence to the features that stay, followed by those that move
     */
    PreparedFlowMixture(FrameShape shape, OpticalFlow opticalFlow, PackedUNet trunk, BlendKernel blend) {
        this.shape = shape;
        this.opticalFlow = opticalFlow;
        this.trunk = trunk;
        this.blend = blend;
    }

    @Override
    public List<List<Pixels>> of(NDManager scratch, List<List<Pixels>> contexts) {
        return contexts.stream().map(context -> one(scratch, context)).toList();
    }

    @Override
    public void close() {
        trunk.close();
    }

    private List<Pixels> one(NDManager scratch, List<Pixels> context) {
        List<Pixels> frames = ofLength(context);
        Motion motion = Motion.of(opticalFlow, shape, context); // a repeated frame would say that it stood still
        var reading = new ContextReading(shape, frames);
        float[] features = trunk.forward(evidence(scratch, reading, motion)).toFloatArray();
        return blend.draw(
                shape,
                motion,
                new BlendKernel.Inputs(reading.candidates(), reading.activity(), reading.restraint(), features));
    }

    private NDArray evidence(NDManager scratch, ContextReading reading, Motion motion) {
        var values = new LentFloats(scratch, (long) FlowMixture.EVIDENCE * shape.height() * shape.width());
        FloatBuffer into = values.part(0, 1);
        reading.evidence(motion).forEach(into::put);
        return values.array(new Shape(1, FlowMixture.EVIDENCE, shape.height(), shape.width()));
    }

    /** As {@link FrameArrays#ofLength}. */
    static List<Pixels> ofLength(List<Pixels> context) {
        int missing = FlowMixture.CONTEXT - context.size();
        if (missing <= 0) {
            return context.subList(-missing, context.size());
        }
        var frames = new ArrayList<>(Collections.nCopies(missing, context.get(0)));
        frames.addAll(context);
        return frames;
    }
}
