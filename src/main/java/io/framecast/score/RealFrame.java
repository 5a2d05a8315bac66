package io.framecast.score;

import io.framecast.frame.Frame;
import org.jspecify.annotations.Nullable;

/** A frame that came, where its record lies, and while it is new, what all forecasts need of it. */
final class RealFrame {
    private final Frame frame;
    private final long offset;
    private @Nullable WindowSums sums;

    /**
     * Of which nothing is computed.
     *
     * @param offset where its record lies
     */
    RealFrame(Frame frame, long offset) {
        this.frame = frame;
        this.offset = offset;
    }

    Frame frame() {
        return frame;
    }

    long offset() {
        return offset;
    }

    /** Its sums, computed once and kept until they are {@linkplain #forgetSums forgotten}. */
    WindowSums sums(StepScores comparing) {
        WindowSums known = sums;
        if (known == null) {
            known = comparing.sums(frame.shape(), frame.pixels());
            sums = known;
        }
        return known;
    }

    /** Gives back the memory of the sums, thirteen times that of the frame. */
    void forgetSums() {
        sums = null;
    }
}
