package io.framecast.evaluate;

import io.framecast.forecast.PixelError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Squared errors of two models and of persistence on the same windows, summed up in blocks of time: neighbouring
 * windows show the same scene, so they are no independent evidence, and blocks nearly are.
 *
 * @param windows how many
 * @param persistence the sum of persistence's errors
 * @param champion that of the model in use
 * @param challenger that of the other
 */
record PairedErrors(long windows, double persistence, double champion, double challenger) {
    /** No window. */
    static final PairedErrors NONE = new PairedErrors(0, 0, 0, 0);

    /** With the windows of another. */
    PairedErrors plus(PairedErrors other) {
        return new PairedErrors(
                windows + other.windows,
                persistence + other.persistence,
                champion + other.champion,
                challenger + other.challenger);
    }

    /** All of them together. */
    static PairedErrors sum(Collection<PairedErrors> all) {
        return all.stream().reduce(NONE, PairedErrors::plus);
    }

    /** The skill of the model in use over these windows. */
    double championSkill() {
        return PixelError.skill(champion, persistence);
    }

    /** That of the challenger. */
    double challengerSkill() {
        return PixelError.skill(challenger, persistence);
    }

    /** How much better the challenger is; infinite or NaN where nothing moved. */
    double difference() {
        return challengerSkill() - championSkill();
    }

    /** The errors of one camera, block by block. */
    static final class OfCamera {
        private final Map<Long, PairedErrors> blocks = new TreeMap<>();

        void add(long block, PairedErrors errors) {
            blocks.merge(block, errors, PairedErrors::plus);
        }

        List<PairedErrors> blocks() {
            return new ArrayList<>(blocks.values());
        }

        PairedErrors sum() {
            return PairedErrors.sum(blocks.values());
        }
    }
}
