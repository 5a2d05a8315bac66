package io.framecast.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Recordings to learn from and others to choose by; a recording is never in both, so no frame is.
 *
 * @param training to learn from
 * @param validation to choose the weights by
 */
public record Split(List<Recording> training, List<Recording> validation) {
    /** Copies the lists. */
    public Split {
        training = List.copyOf(training);
        validation = List.copyOf(validation);
    }

    /**
     * Draws whole recordings for validation, in an order that depends on the seed alone. Synthetic sets are not drawn:
     * they would only be missed. With a single recording nothing is kept.
     *
     * @param share how many of them, 0 to less than 1; at least one if it is not 0
     * @throws IllegalArgumentException if the share is out of range
     */
    public static Split byClip(List<Recording> recordings, double share, long seed) {
        if (!(share >= 0 && share < 1)) {
            throw new IllegalArgumentException("validation share " + share + " is out of range: from 0 to below 1");
        }
        var drawable = new ArrayList<>(recordings.stream()
                .filter(recording -> !(recording instanceof SyntheticSet))
                .toList());
        int kept = share == 0 || drawable.size() < 2 ? 0 : (int) Math.max(1, Math.round(share * drawable.size()));
        Collections.shuffle(drawable, new Random(seed));
        List<Recording> validation = drawable.subList(0, Math.min(kept, drawable.size() - (kept > 0 ? 1 : 0)));
        return new Split(
                recordings.stream()
                        .filter(recording -> !validation.contains(recording))
                        .toList(),
                validation);
    }
}
