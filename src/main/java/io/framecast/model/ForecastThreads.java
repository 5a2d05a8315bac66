package io.framecast.model;

import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;

/**
 * Threads that forecast on a processor. The engine's own threads wait for each other many times in a forecast, and on
 * machines that others use too, waiting is what takes longest; so where there is work for all cores, each piece of it
 * is computed by one thread alone.
 */
final class ForecastThreads implements AutoCloseable {
    private static final int CORES = Runtime.getRuntime().availableProcessors();

    private final ExecutorService beside = Executors.newFixedThreadPool(CORES, computingOn(1));
    private final ExecutorService alone = Executors.newSingleThreadExecutor(computingOn(CORES));

    /** How many pieces of work are computed at a time. */
    static int cores() {
        return CORES;
    }

    /** Does pieces of work beside each other, each on one core, and returns what they give in their order. */
    <T> List<T> beside(List<? extends Callable<T>> works) {
        try {
            return beside.invokeAll(works).stream().map(ForecastThreads::result).toList();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Does one piece of work on all cores, as far as the engine can share it out. */
    <T> T alone(Callable<T> work) {
        return result(alone.submit(work));
    }

    private static <T> T result(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException("a forecast failed", e.getCause());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while forecasting", e);
    }

    /** The engine keeps its number of threads for each thread that calls it. */
    private static ThreadFactory computingOn(int threads) {
        return work -> {
            var thread = new Thread(
                    () -> {
                        JniUtils.setNumThreads(threads);
                        work.run();
                    },
                    "forecast");
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public void close() {
        beside.shutdownNow();
        alone.shutdownNow();
    }
}
