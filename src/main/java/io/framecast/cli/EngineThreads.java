package io.framecast.cli;

/** How many threads the engine computes with; to be said before it loads. Who sets the property says it himself. */
final class EngineThreads {
    private static final String PROPERTY = "ai.djl.pytorch.num_threads";

    private EngineThreads() {}

    /** One on each processor, where nothing else needs one. */
    static void all() {
        set(Runtime.getRuntime().availableProcessors());
    }

    /**
     * Half of the processors for each of the two windows that are forecast in parallel. On two processors a window on
     * one thread takes no longer than on two, which spend as long on waking each other up (BENCHMARKS.md).
     */
    static void half() {
        set(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    }

    private static void set(int threads) {
        System.getProperties().putIfAbsent(PROPERTY, String.valueOf(threads));
    }
}
