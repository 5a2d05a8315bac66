package io.framecast.source;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tells everything that works for a source to stop; final once given. */
public final class Stop {
    private final CountDownLatch given = new CountDownLatch(1);

    public void give() {
        given.countDown();
    }

    public boolean given() {
        return given.getCount() == 0;
    }

    /** Waits so long, or until told to stop; an interrupt of the thread counts as being told. */
    public void await(long nanos) {
        try {
            var told = given.await(nanos, TimeUnit.NANOSECONDS);
            assert !told || given();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            give();
        }
    }
}
