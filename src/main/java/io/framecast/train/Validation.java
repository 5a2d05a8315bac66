package io.framecast.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.model.FrameArrays;
import java.util.List;

/** The same windows of the validation clips, forecast in closed loop again and again as training goes on. */
final class Validation {
    private static final int WINDOWS_A_CLIP = 6;

    private final List<Clip> clips;
    private final int contextLength;

    private final int horizon;

    Validation(List<Clip> clips, int contextLength, int horizon) {
        this.horizon = horizon;
        this.clips =
                clips.stream().filter(clip -> clip.has(contextLength + horizon)).toList();
        this.contextLength = contextLength;
    }

    /**
     * Measures the network with the weights as they are.
     *
     * @return the mean over clips of the skill, 1 - MSE / MSE(persistence), each pooled over windows and steps
     */
    double skill(Trainer trainer) {
        double sum = 0;
        for (Clip clip : clips) {
            sum += skill(trainer, clip);
        }
        return sum / clips.size();
    }

    boolean isEmpty() {
        return clips.isEmpty();
    }

    private double skill(Trainer trainer, Clip clip) {
        List<List<Pixels>> windows = clip.spread(contextLength + horizon, WINDOWS_A_CLIP);
        FrameShape shape = clip.shape();
        try (NDManager scratch = trainer.newScratch()) {
            NDArray all = FrameArrays.toArray(scratch, windows, shape);
            NDArray truth = all.get(new NDIndex(":, {}:", contextLength));
            NDArray last = all.get(new NDIndex(":, {}:{}", contextLength - 1, contextLength));
            List<List<Pixels>> contexts = windows.stream()
                    .map(window -> window.subList(0, contextLength))
                    .toList();
            NDArray forecast = trainer.forecast(scratch, contexts, horizon);
            double error = forecast.sub(truth).square().mean().getFloat();
            double still = last.sub(truth).square().mean().getFloat();
            return 1 - error / Math.max(still, 1e-9);
        }
    }
}
