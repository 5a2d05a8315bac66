package io.framecast.model;

import ai.djl.ndarray.NDManager;
import io.framecast.frame.Pixels;
import java.util.List;

/**
 * Forecasts one window at a time on the processor, with a network's weights as they were when it was prepared; for
 * several threads at once.
 */
interface PreparedForecast {
    /**
     * Forecasts.
     *
     * @param scratch whose end is that of the arrays needed
     * @param context pictures, oldest first, at least one
     * @return a picture for each step
     */
    List<Pixels> of(NDManager scratch, List<Pixels> context);
}
