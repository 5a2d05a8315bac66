package io.framecast.predict;

import io.framecast.frame.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What waits for the model, in the order of arrival. When there is enough for a batch, or the first has waited long
 * enough, everything that waits goes, batch after batch; so none is overtaken forever.
 *
 * @param <C> the camera's type
 * @param <W> the window's type
 */
public final class MicroBatches<C, W> {
    private static final int ROUNDS_WAITING = 8;

    private final BatchConfig config;
    private final Ticker ticker;
    private final List<Waiting<C, W>> queue = new ArrayList<>();
    private boolean going;

    /** Starts empty. */
    public MicroBatches(BatchConfig config, Ticker ticker) {
        this.config = config;
        this.ticker = ticker;
    }

    private record Waiting<C, W>(C camera, W window, long since) {}

    /**
     * Adds a window.
     *
     * @return the window of the same camera that it replaced, under {@link Policy#LATEST}
     */
    public Optional<W> add(C camera, W window) {
        int place = config.policy() == Policy.ALL ? -1 : place(camera);
        if (place < 0) {
            queue.add(new Waiting<>(camera, window, ticker.nanos()));
            return Optional.empty();
        }
        // It takes over the place and the time already waited, or a fast camera would wait forever.
        Waiting<C, W> replaced = queue.get(place);
        queue.set(place, new Waiting<>(camera, window, replaced.since()));
        return Optional.of(replaced.window());
    }

    private int place(C camera) {
        for (int i = 0; i < queue.size(); i++) {
            if (queue.get(i).camera().equals(camera)) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Whether more may be added now. Under {@link Policy#ALL} only so many wait; the rest stays where it comes from.
     */
    public boolean hasRoom() {
        return config.policy() == Policy.LATEST || queue.size() < ROUNDS_WAITING * config.maxBatch();
    }

    /**
     * Takes the next batch, if one is due.
     *
     * @param draining whether everything is due
     * @return at most {@code maxBatch} windows, oldest first; empty if none is due
     */
    public List<W> next(boolean draining) {
        if (queue.isEmpty() || !(going || draining || timeUntilDue().isZero())) {
            return List.of();
        }
        List<Waiting<C, W>> first = queue.subList(0, Math.min(config.maxBatch(), queue.size()));
        List<W> batch = first.stream().map(Waiting::window).toList();
        first.clear();
        going = !queue.isEmpty();
        return batch;
    }

    /** How long until a batch is due at the latest: zero if one is, a second if nothing waits. */
    public Duration timeUntilDue() {
        if (queue.size() >= config.maxBatch()) {
            return Duration.ZERO;
        }
        return queue.stream()
                .map(waiting -> config.maxDelay().minus(ticker.since(waiting.since())))
                .min(Duration::compareTo)
                .map(left -> left.isNegative() ? Duration.ZERO : left)
                .orElse(Duration.ofSeconds(1));
    }

    /** The windows that wait, oldest first. */
    public List<W> waiting() {
        return queue.stream().map(Waiting::window).toList();
    }

    /** Drops the windows that match. */
    public void removeIf(Predicate<W> unwanted) {
        queue.removeIf(waiting -> unwanted.test(waiting.window()));
        going &= !queue.isEmpty();
    }
}
