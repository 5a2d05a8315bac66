package io.framecast.node;

import io.framecast.forecast.Forecaster;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A forecaster that loads on another thread while the broker starts, and is closed by its last owner. */
final class LoadingForecaster implements AutoCloseable {
    private final ModelLoader models;
    private final CompletableFuture<Forecaster> loading;
    private volatile boolean taken;

    LoadingForecaster(ModelLoader models) {
        this.models = models;
        loading = CompletableFuture.supplyAsync(models::loadFirst);
    }

    /** What loads it, and others. */
    ModelLoader models() {
        return models;
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
