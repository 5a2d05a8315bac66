package io.framecast.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.motion.Motion;
import io.framecast.motion.OpticalFlow;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * {@link FlowLstm#forecast} on the processor: {@link ContextReading}, {@link Trials}, {@link PackedLstmUNet} and
 * {@link BlendKernel} in turn. A test compares the two.
 */
final class PreparedFlowLstm extends PreparedFlow<PackedLstmUNet> {
    private final float[] gains;
    private final Layout layout;

    /**
     * How the network's arrays are laid out.
     *
     * @param steps of the forecast, from 1
     * @param picture features of the picture, those that stay followed by those that move
     * @param state the size of the ConvLSTM's state
     */
    @SuppressWarnings("ArrayRecordComponent") // only read, and never compared
    record Layout(int[] steps, int picture, Planes state) {}

    /**
     * Joins the parts.
     *
     * @param gains of the script's function trusted
     * @param trunk from the evidence to the features of the picture and of each moment
     */
    PreparedFlowLstm(
            FrameShape shape,
            OpticalFlow opticalFlow,
            float[] gains,
            PackedLstmUNet trunk,
            BlendKernel blend,
            Layout layout) {
        super(shape, opticalFlow, trunk, blend);
        this.gains = gains.clone();
        this.layout = layout;
    }

    @Override
    List<Pixels> one(NDManager scratch, List<Pixels> context, List<Pixels> frames) {
        Motion motion = Motion.roughly(opticalFlow, shape, context); // a repeated frame would say that it stood still
        List<Pixels> earlier = context.subList(0, Math.max(0, context.size() - FlowMixture.CONTEXT));
        var reading = new ContextReading(shape, frames, earlier);
        List<Pixels> half = frames.subList(0, FlowLstm.TRIAL_CONTEXT);
        var trials = new Trials(
                shape, reading, new ContextReading(shape, half, earlier), Motion.roughly(opticalFlow, shape, half));
        List<float[]> evidence = reading.evidence(motion);
        evidence.addAll(trials.evidence());
        NDArray times = FlowLstm.times(scratch, layout.steps());
        float[] features = trunk.forward(
                        PackedUNet.input(scratch, 1, evidence, size()),
                        PackedUNet.input(scratch, 1, trials.trust(layout.state()), layout.state()),
                        PackedUNet.input(scratch, FlowMixture.CONTEXT, reading.seen(), size()),
                        times)
                .toFloatArray();
        int moments = PackedUNet.filled(layout.picture()) * shape.height() * shape.width();
        return blend.draw(
                shape,
                motion,
                new BlendKernel.Inputs(
                        reading.candidates(),
                        reading.activity(),
                        reading.restraint(trials.lifted()),
                        Arrays.copyOf(features, moments),
                        Optional.of(new BlendKernel.Moments(
                                Arrays.copyOfRange(features, moments, features.length),
                                times.toFloatArray(),
                                trials.trusted(gains)))));
    }

    @Override
    public void close() {
        trunk.close();
    }
}
