package io.framecast.preview.http;

import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** How many look at once: a seat for each endless answer, so that their number has a limit. */
final class Viewers {
    private final Semaphore free;

    Viewers(int most) {
        free = new Semaphore(most);
    }

    /** A seat, if one is free. */
    Optional<Seat> enter() {
        return free.tryAcquire() ? Optional.of(new Seat(free)) : Optional.empty();
    }

    /** Taken until it is left; to leave it twice does nothing. */
    static final class Seat {
        private final AtomicBoolean left = new AtomicBoolean();
        private final Semaphore free;

        private Seat(Semaphore free) {
            this.free = free;
        }

        void leave() {
            if (left.compareAndSet(false, true)) {
                free.release();
            }
        }
    }
}
