package io.framecast.node;

import io.framecast.forecast.Forecaster;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** A forecaster that loads on another thread while the broker starts, and is closed by its last owner. */
final class LoadingForecaster implements AutoCloseable {
    private final CompletableFuture<Forecaster> loading;
    private volatile boolean taken;

    LoadingForecaster(Supplier<Forecaster> load) {
        loading = CompletableFuture.supplyAsync(load);
    }

    /**
     * Waits until it is loaded.
     *
     * @throws RuntimeException what went wrong
     */
    Forecaster get() {
        try {
            return loading.join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw failure;
        }
    }

    /** From now on a role closes it. */
    void handOver() {
        taken = true;
    }

    /** Closes it, now or when it is loaded, if no role took it because something else failed. */
    @Override
    public void close() {
        if (!taken) {
            var unused = loading.thenAccept(Forecaster::close);
        }
    }
}
