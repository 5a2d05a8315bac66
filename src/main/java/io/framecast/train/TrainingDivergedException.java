package io.framecast.train;

/** A training step whose loss or gradient is NaN. The last checkpoint stays as it was. */
public final class TrainingDivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Names the step. */
    public TrainingDivergedException(int step, double loss, double gradient) {
        super("training diverged at step " + step + " (loss " + loss + ", norm of its gradient " + gradient
                + "); go on from the last checkpoint with a lower --learning-rate");
    }
}
