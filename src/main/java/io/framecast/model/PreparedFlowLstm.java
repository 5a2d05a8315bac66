package io.framecast.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.motion.Motion;
import io.framecast.motion.OpticalFlow;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * {@link FlowLstm#forecast} on the processor, one window after the other: {@link ContextReading}, the script's trials,
 * {@link PackedLstmUNet} and {@link BlendKernel} in turn. A test compares the two.
 */
final class PreparedFlowLstm implements PreparedForecast {
    private final FrameShape shape;
    private final OpticalFlow opticalFlow;
    private final Torch torch;
    private final NDArray gains;
    private final PackedLstmUNet trunk;
    private final BlendKernel blend;
    private final Layout layout;

    /**
     * How the network's arrays are laid out.
     *
     * @param steps of the forecast, from 1
     * @param picture features of the picture, those that stay followed by those that move
     * @param height of the ConvLSTM's state
     * @param width of the ConvLSTM's state
     */
    @SuppressWarnings("ArrayRecordComponent") // only read, and never compared
    record Layout(int[] steps, int picture, int height, int width) {}

    /**
     * Joins the parts.
     *
     * @param torch the script's trials
     * @param gains of the script's function trusted
     * @param trunk from the evidence to the features of the picture and of each moment
     */
    PreparedFlowLstm(
            FrameShape shape,
            OpticalFlow opticalFlow,
            Torch torch,
            NDArray gains,
            PackedLstmUNet trunk,
            BlendKernel blend,
            Layout layout) {
        this.shape = shape;
        this.opticalFlow = opticalFlow;
        this.torch = torch;
        this.gains = gains;
        this.trunk = trunk;
        this.blend = blend;
        this.layout = layout;
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
        List<Pixels> frames = PreparedFlowMixture.ofLength(context);
        Motion motion = Motion.of(opticalFlow, shape, context); // a repeated frame would say that it stood still
        var reading = new ContextReading(shape, frames);
        NDArray known =
                FrameArrays.toArray(scratch, List.of(frames), shape).add(1).div(2); // (1, 10, 3, H, W) in [0, 1]
        NDArray errors = torch.call("trials", known, trialGrids(scratch, frames)); // (1, 18, H, W)
        NDArray times = FlowLstm.times(scratch, layout.steps());
        float[] features = trunk.forward(
                        evidence(scratch, reading.evidence(motion), torch.call("trial_evidence", errors)),
                        torch.call("trust", errors, scratch.zeros(new Shape(1, 1, layout.height(), layout.width()))),
                        torch.call("moments_seen", known),
                        times)
                .toFloatArray();
        int moments = PackedUNet.filled(layout.picture()) * shape.height() * shape.width();
        return blend.draw(
                shape,
                motion,
                new BlendKernel.Inputs(
                        reading.candidates(),
                        reading.activity(),
                        reading.restraint(torch.call("lifted", errors).toFloatArray()),
                        features,
                        Optional.of(new BlendKernel.Moments(
                                Arrays.copyOfRange(features, moments, features.length),
                                times.toFloatArray(),
                                torch.call("trusted", errors, gains).toFloatArray()))));
    }

    private NDArray trialGrids(NDManager scratch, List<Pixels> frames) {
        List<List<Pixels>> half = List.of(frames.subList(0, FlowLstm.TRIAL_CONTEXT));
        return MotionGrids.of(scratch, opticalFlow, shape, half, FlowLstm.TRIAL_STEPS)
                .ahead();
    }

    private NDArray evidence(NDManager scratch, List<float[]> shared, NDArray trials) {
        int channels = FlowMixture.EVIDENCE + FlowLstm.TRIALS;
        var values = new LentFloats(scratch, (long) channels * shape.height() * shape.width());
        FloatBuffer into = values.part(0, 1);
        shared.forEach(into::put);
        into.put(trials.toFloatArray());
        return values.array(new Shape(1, channels, shape.height(), shape.width()));
    }
}
