package io.framecast.data;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.util.List;
import java.util.Random;

/** Where training windows are drawn from. */
public interface TrainingSet {
    /** What it is called in the saved model. */
    String name();

    /** The size of its frames. */
    FrameShape shape();

    /** How many frames it holds; for what is made up as it is drawn, those of a set that counts as much. */
    long length();

    /** Whether it has windows of that many frames. */
    boolean has(int windowLength);

    /** Whether windows may be cut, mirrored and recoloured: not where that would be another task. */
    boolean isAugmentable();

    /**
     * Draws a window.
     *
     * @param least frames it must have, not more than the set has
     * @param usual frames that it has room for at its stride if the set has as many; at least {@code least}
     * @param most its frames, unless the set ends before; at least {@code usual}
     * @param maxStride every how many frames it may take at most
     * @param random decides; the same state gives the same window
     */
    List<Pixels> draw(int least, int usual, int most, int maxStride, Random random);
}
