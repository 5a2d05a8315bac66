package io.framecast.predict;

import io.framecast.forecast.Forecaster;
import io.framecast.forecast.ModelVersion;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The model that a predictor runs, and the one that takes its place before the next micro-batch. A model that is
 * replaced is closed.
 */
public final class RunningModel implements AutoCloseable {
    private final BiConsumer<ModelVersion, ModelVersion> changed;
    private final int firstContextLength;
    private final int firstDue;
    private Forecaster current;
    private @Nullable Forecaster next;
    private boolean closed;

    /** Runs one model for good, unless another is given. */
    public RunningModel(Forecaster first) {
        this(first, (before, after) -> {});
    }

    /**
     * Starts with a model.
     *
     * @param first the model that the predictors' group is named after, which decides at which frames windows are due
     * @param changed takes the model before and the one after, on the predictor's thread
     */
    public RunningModel(Forecaster first, BiConsumer<ModelVersion, ModelVersion> changed) {
        current = first;
        firstContextLength = first.contextLength();
        firstDue = first.leastContextLength();
        this.changed = changed;
    }

    /** How many frames of an epoch there are when a window of the first model is due. */
    int firstDue() {
        return firstDue;
    }

    /** How many real frames a window of the first model holds at most. */
    int firstContextLength() {
        return firstContextLength;
    }

    /** The model that runs. */
    public synchronized Forecaster current() {
        return current;
    }

    /**
     * Gives the model that takes over before the next micro-batch. One that was given before and has not taken over yet
     * never does. May be called on any thread.
     *
     * @param forecaster which belongs to this from now on; closed at once if this is closed
     */
    public synchronized void replaceWith(Forecaster forecaster) {
        if (closed) {
            forecaster.close();
            return;
        }
        closeNext();
        next = forecaster;
    }

    private void closeNext() {
        if (next != null) {
            next.close();
            next = null;
        }
    }

    /**
     * Lets the model that waits take over, if there is one; between two forecasts, on the predictor's thread.
     *
     * @param mayResize whether its windows may be of another length; if not, such a model goes on waiting
     * @return whether they are
     */
    boolean change(boolean mayResize) {
        ModelVersion before;
        ModelVersion after;
        boolean resizes;
        synchronized (this) {
            resizes = next != null && next.contextLength() != current.contextLength();
            boolean needsMore = next != null && next.leastContextLength() > current.leastContextLength();
            if (next == null || ((resizes || needsMore) && !mayResize)) {
                return false;
            }
            before = current.model();
            after = next.model();
            current.close();
            current = next;
            next = null;
        }
        changed.accept(before, after);
        return resizes;
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            closeNext();
            current.close();
        }
    }
}
