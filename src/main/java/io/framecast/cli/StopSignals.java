package io.framecast.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C and SIGTERM as a request to end in order. The Java machine would otherwise end with what is under way, and
 * with a code that says it was killed.
 */
final class StopSignals implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile int exitCode = ExitCodes.FAILED;
    private volatile boolean given;

    private StopSignals() {}

    static StopSignals to(Runnable stop) {
        var signals = new StopSignals();
        var hook = new Thread(() -> signals.endInOrder(stop), "stop-signal");
        Runtime.getRuntime().addShutdownHook(hook);
        return signals;
    }

    /** Sets what the caller is told. */
    void exitCode(int code) {
        exitCode = code;
    }

    /** Whether a request to end has come. */
    boolean given() {
        return given;
    }

    /** Whether a failure only says that a library that was just starting cannot, as the process is about to end. */
    static boolean causes(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IllegalStateException && "Shutdown in progress".equals(cause.getMessage())) {
                return true;
            }
        }
        return false;
    }

    private void endInOrder(Runnable stop) {
        if (ended.getCount() == 0) {
            return;
        }
        given = true;
        stop.run();
        boolean inTime = awaitEnd();
        Runtime.getRuntime().halt(inTime ? exitCode : ExitCodes.FAILED);
    }

    private boolean awaitEnd() {
        try {
            return ended.await(LONGEST.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Tells that the work has ended. */
    @Override
    public void close() {
        ended.countDown();
    }
}
