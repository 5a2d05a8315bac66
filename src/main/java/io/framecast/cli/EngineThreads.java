package io.framecast.cli;

import io.framecast.model.engine.VectorRegister;

/**
 * How many threads the engine computes with, and for what; to be said before it loads. Who sets the property says it
 * himself.
 */
final class EngineThreads {
    private static final String PROPERTY = "ai.djl.pytorch.num_threads";

    private EngineThreads() {}

    /** One on each processor, where nothing else needs one. */
    static void all() {
        set(Runtime.getRuntime().availableProcessors());
    }

    /**
     * One, in a process that only forecasts: where as many windows as there are processors are forecast in parallel. A
     * window of the default model takes no longer on one thread than on two, which spend as long on waking each other
     * up (BENCHMARKS.md).
     */
    static void one() {
        VectorRegister.onlyForecast();
        set(1);
    }

    private static void set(int threads) {
        System.getProperties().putIfAbsent(PROPERTY, String.valueOf(threads));
    }
}
