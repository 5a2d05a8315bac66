package io.framecast.train;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/**
 * Prepares batches on a thread of its own, a few steps ahead, so that the engine never waits for them. What a step gets
 * depends on nothing but the step.
 *
 * @param <B> a batch
 */
public final class BatchLoader<B> implements AutoCloseable {
    private static final int AHEAD = 3;

    private final IntFunction<B> maker;
    private final ExecutorService thread;
    private final Deque<Future<B>> batches = new ArrayDeque<>();
    private int next;
    private long waited;

    /**
     * Begins to prepare.
     *
     * @param maker makes the batch of a step
     * @param step the first one
     */
    public BatchLoader(IntFunction<B> maker, int step) {
        this.maker = maker;
        next = step;
        thread = Executors.newSingleThreadExecutor(task -> {
            var loader = new Thread(task, "batch-loader");
            loader.setDaemon(true);
            return loader;
        });
        while (batches.size() < AHEAD) {
            prepareNext();
        }
    }

    private void prepareNext() {
        int step = next++;
        batches.addLast(thread.submit(() -> maker.apply(step)));
    }

    /**
     * The batch of the next step.
     *
     * @throws RuntimeException what making it threw
     */
    public B take() {
        long asked = System.nanoTime();
        try {
            B batch = batches.removeFirst().get();
            prepareNext();
            return batch;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("a batch could not be prepared", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a batch was prepared", e);
        } finally {
            waited += System.nanoTime() - asked;
        }
    }

    /** How long {@link #take} has waited in all, in seconds. */
    public double secondsWaited() {
        return waited / 1e9;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
