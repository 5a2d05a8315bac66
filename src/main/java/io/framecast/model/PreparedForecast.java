package io.framecast.model;

import ai.djl.ndarray.NDManager;
import io.framecast.frame.Pixels;
import java.util.List;

/** A way to a network's forecasts, with its weights as they were when it was prepared; for several threads at once. */
interface PreparedForecast extends AutoCloseable {
    /**
     * Forecasts.
     *
     * @param scratch whose end is that of the arrays needed
     * @param contexts of each window the pictures, oldest first, at least one; as many of each
     * @return of each window a picture for each step
     */
    List<List<Pixels>> of(NDManager scratch, List<List<Pixels>> contexts);

    @Override
    default void close() {}
}
