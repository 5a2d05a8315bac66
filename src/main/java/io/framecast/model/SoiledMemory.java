package io.framecast.model;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** Memory of the engine that holds NaN, so that a kernel that reads what nobody has written is found out. */
final class SoiledMemory {
    private static final int ARRAYS = 40;

    /** Floats by which each array is longer than the one before. */
    private static final int STEP = 5_000;

    private SoiledMemory() {}

    /** Writes NaN into arrays of many sizes and gives them back, so that the engine gets that memory next. */
    static void leave(NDManager manager) {
        try (NDManager scratch = manager.newSubManager()) {
            for (int i = 1; i <= ARRAYS; i++) {
                scratch.full(new Shape((long) STEP * i), Float.NaN);
            }
        }
    }
}
