package io.framecast.train;

/** Is told how a training goes. */
public interface TrainingProgress {
    /**
     * It begins.
     *
     * @param done steps that an earlier run has made
     * @param all steps that there will be
     */
    void started(int done, int all);

    /** A step is done, its loss being that before it. */
    void stepped(int step, double loss);

    /** A line worth keeping: a validation, the end. */
    void said(String line);
}
