package io.framecast.model;

import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Threads that forecast on a processor. The engine's own threads wait for each other many times in a forecast, and on a
 * busy machine that takes longer than the arithmetic; so where there is a task for each core, one thread computes it.
 */
final class ForecastThreads implements AutoCloseable {
    private static final int CORES = Runtime.getRuntime().availableProcessors();

    /** How long a call of the engine may go on after the end was asked for: longer than any forecast takes. */
    private static final int END_SECONDS = 60;

    private final ExecutorService oneCoreEach = Executors.newFixedThreadPool(CORES, work -> thread(1, work));
    private final ExecutorService allCores = Executors.newSingleThreadExecutor(work -> thread(CORES, work));

    /** How many tasks run at a time. */
    static int cores() {
        return CORES;
    }

    /** Runs tasks in parallel, each on one core, and returns their results in order. */
    <T> List<T> onOneCoreEach(List<? extends Callable<T>> tasks) {
        try {
            return oneCoreEach.invokeAll(tasks).stream()
                    .map(ForecastThreads::result)
                    .toList();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Runs one task on all cores, as far as the engine can share it out. */
    <T> T onAllCores(Callable<T> task) {
        return result(allCores.submit(task));
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

    private static Thread thread(int engineThreads, Runnable work) {
        return daemon(() -> {
            computeOn(engineThreads);
            work.run();
        });
    }

    /**
     * Sets with how many threads the engine computes what the calling thread asks for. The engine keeps a number for
     * each thread, which at the thread's first question becomes the one that any thread set last; so that one is put
     * back, by a thread that ends.
     */
    private static synchronized void computeOn(int engineThreads) {
        int others = JniUtils.getNumThreads();
        JniUtils.setNumThreads(engineThreads);
        Thread last = daemon(() -> JniUtils.setNumThreads(others));
        last.start();
        try {
            last.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread daemon(Runnable work) {
        var thread = new Thread(work, "forecast");
        thread.setDaemon(true);
        return thread;
    }

    /** Waits for calls of the engine that still run: what they compute with must not be closed before. */
    @Override
    public void close() {
        oneCoreEach.shutdownNow();
        allCores.shutdownNow();
        awaitEnd(oneCoreEach);
        awaitEnd(allCores);
    }

    private static void awaitEnd(ExecutorService executor) {
        boolean interrupted = Thread.interrupted(); // which must not keep us from waiting
        try {
            executor.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
