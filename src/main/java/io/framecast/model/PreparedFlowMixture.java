package io.framecast.model;

import ai.djl.ndarray.NDManager;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.motion.Motion;
import io.framecast.motion.OpticalFlow;
import java.util.List;

/**
 * {@link FlowMixture#forecast} on the processor: {@link ContextReading}, {@link PackedUNet} and {@link BlendKernel} in
 * turn. A test compares the two.
 */
final class PreparedFlowMixture extends PreparedFlow<PackedUNet> {
    /**
     * Joins the parts.
     *
     * @param trunk from the evidence to the features that stay, followed by those that move
     */
    PreparedFlowMixture(FrameShape shape, OpticalFlow opticalFlow, PackedUNet trunk, BlendKernel blend) {
        super(shape, opticalFlow, trunk, blend);
    }

    @Override
    List<Pixels> one(NDManager scratch, List<Pixels> context, List<Pixels> frames) {
        Motion motion = Motion.of(opticalFlow, shape, context); // a repeated frame would say that it stood still
        var reading = new ContextReading(shape, frames);
        float[] features = trunk.forward(PackedUNet.input(scratch, 1, reading.evidence(motion), size()))
                .toFloatArray();
        return blend.draw(
                shape,
                motion,
                new BlendKernel.Inputs(reading.candidates(), reading.activity(), reading.restraint(), features));
    }

    @Override
    public void close() {
        trunk.close();
    }
}
