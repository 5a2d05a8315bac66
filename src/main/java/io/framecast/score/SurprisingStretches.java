package io.framecast.score;

import io.framecast.forecast.FrameSurprise;
import io.framecast.forecast.SurprisingStretch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Joins one camera's surprising frames to stretches. A stretch begins with the first frame that passes
 * {@link FrameSurprise#THRESHOLD}; it goes on while frames pass {@value #STAYS}, one in a hundred, and is over a second
 * after the last that did, or with the epoch. What it says depends on the frames alone.
 */
final class SurprisingStretches {
    private static final double STAYS = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private @Nullable SurprisingStretch open;

    /** Takes the next frame; gives the stretch that ended with it, the one that began with it, or neither. */
    List<SurprisingStretch> next(FrameSurprise frame) {
        var changed = new ArrayList<SurprisingStretch>();
        SurprisingStretch before = open;
        if (before != null && isOver(before, frame)) {
            changed.add(before.over());
            open = null;
        }
        if (open != null && frame.surprise() >= STAYS) {
            open = open.with(frame);
        } else if (open == null && frame.isSurprising()) {
            open = SurprisingStretch.begunBy(frame);
            changed.add(open);
        }
        return changed;
    }

    private static boolean isOver(SurprisingStretch stretch, FrameSurprise frame) {
        return frame.epoch() != stretch.epoch()
                || Duration.between(stretch.end(), frame.time()).compareTo(PATIENCE) > 0;
    }

    /** Ends the stretch that goes on, if one does: no other frame will come. */
    List<SurprisingStretch> end() {
        SurprisingStretch last = open;
        open = null;
        return last == null ? List.of() : List.of(last.over());
    }

    /** Forgets the stretch that goes on, if it is the one that ended already. */
    void ended(SurprisingStretch stretch) {
        if (open != null && open.id().equals(stretch.id())) {
            open = null;
        }
    }
}
