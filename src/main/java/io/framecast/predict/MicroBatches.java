package io.framecast.predict;

import io.framecast.frame.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What waits for a model, in the order of arrival. When there is enough for a batch, or the first has waited long
 * enough, everything that waits goes, batch after batch; so none is overtaken forever. The windows of a batch are those
 * of one model.
 *
 * @param <C> the camera's type
 * @param <W> the window's type
 */
public final class MicroBatches<C, W> {
    private static final int ROUNDS_WAITING = 8;

    private final BatchConfig config;
    private final Ticker ticker;
    private final Function<W, ?> modelOf;
    private final List<Waiting<C, W>> queue = new ArrayList<>();
    private boolean going;

    /** Starts empty, with one model for all windows. */
    public MicroBatches(BatchConfig config, Ticker ticker) {
        this(config, ticker, window -> "");
    }

    /**
     * Starts empty.
     *
     * @param modelOf what a window waits for, asked when a batch is made; windows of equal answers go together
     */
    MicroBatches(BatchConfig config, Ticker ticker, Function<W, ?> modelOf) {
        this.config = config;
        this.ticker = ticker;
        this.modelOf = modelOf;
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
     * @return at most {@code maxBatch} windows of the model that the oldest waits for, oldest first; empty if none is
     *     due
     */
    public List<W> next(boolean draining) {
        if (queue.isEmpty() || !(going || draining || timeUntilDue().isZero())) {
            return List.of();
        }
        Object model = modelOf.apply(queue.get(0).window());
        var batch = new ArrayList<W>();
        for (Iterator<Waiting<C, W>> rest = queue.iterator(); rest.hasNext() && batch.size() < config.maxBatch(); ) {
            W window = rest.next().window();
            if (modelOf.apply(window).equals(model)) {
                batch.add(window);
                rest.remove();
            }
        }
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
