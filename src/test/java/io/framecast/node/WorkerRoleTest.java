package io.framecast.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.framecast.worker.Worker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** A role around something that runs, here under a test's control. */
class WorkerRoleTest {
    private final CountDownLatch call = new CountDownLatch(1);
    private final AtomicInteger released = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final AtomicBoolean isCalling = new AtomicBoolean();

    /** Runs one call that nothing breaks off, as native code does, and then ends or breaks. */
    private final class Calling implements Worker {
        private final @Nullable Throwable failure;
        private volatile boolean drained;
        private volatile boolean stopped;
        private volatile boolean abandoned;

        private Calling(@Nullable Throwable failure) {
            this.failure = failure;
        }

        @Override
        public void run() {
            isCalling.set(true);
            try {
                call.await();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
            isCalling.set(false);
            if (failure instanceof Error error) {
                throw error;
            }
            if (failure instanceof RuntimeException broken) {
                throw broken;
            }
        }

        @Override
        public boolean isAssigned() {
            return isCalling.get();
        }

        @Override
        public Optional<String> obstacle() {
            return Optional.empty();
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }

        @Override
        public void drain() {
            drained = true;
        }

        @Override
        public void stop() {
            stopped = true;
        }

        @Override
        public void abandon() {
            abandoned = true;
        }
    }

    private void release() {
        assertThat(isCalling).as("a call under way").isFalse();
        released.incrementAndGet();
    }

    private WorkerRole role(Calling worker, boolean vital) {
        return new WorkerRole("predict", worker, this::release, vital, Duration.ofMillis(50));
    }

    @Test
    void close_underARunningCall_releasesOnlyWhenItHasReturned() {
        var role = role(new Calling(null), true);
        role.start();
        await().until(isCalling::get);

        role.close();
        assertThat(released).hasValue(0);
        call.countDown();

        await().untilAsserted(() -> assertThat(released).hasValue(1));
        role.close();
        assertThat(released).as("released once").hasValue(1);
    }

    @Test
    void hurriedEnd_abandonsTheCall_andReturns() {
        var worker = new Calling(null);
        var role = role(worker, true);
        role.start();
        await().until(isCalling::get);

        role.end(new Role.Ending(true, Duration.ofMinutes(1), Mono.empty()));

        assertThat(worker.drained).isTrue();
        assertThat(worker.stopped).isTrue();
        assertThat(worker.abandoned).isTrue();
        assertThat(released).as("while the call goes on").hasValue(0);
        call.countDown();
        await().untilAsserted(() -> assertThat(released).hasValue(1));
    }

    @Test
    void vitalRole_thatBreaks_failsItsEnd() {
        var role = role(new Calling(new IllegalStateException("denied")), true);
        assertThat(role.obstacle()).contains("predict: the group has given it no cameras yet");
        role.start();
        await().until(isCalling::get);
        assertThat(role.obstacle()).isEmpty();
        call.countDown();

        assertThatThrownBy(() -> role.ended().block()).hasMessage("denied");
        assertThatThrownBy(() -> role.end(new Role.Ending(false, Duration.ofSeconds(1), Mono.never())))
                .hasMessage("denied");
        assertThat(role.obstacle()).contains("predict: ended, the log says why; restart it");
        assertThat(role.failure()).as("told by its end").isEmpty();
    }

    @Test
    void otherRole_thatBreaks_isTheNodesFailure_butDoesNotEndIt() {
        var role = role(new Calling(new IllegalStateException("denied")), false);
        role.start();
        call.countDown();
        await().until(() -> role.obstacle().isPresent());

        role.end(new Role.Ending(false, Duration.ofSeconds(1), Mono.never()));

        assertThat(role.isVital()).isFalse();
        StepVerifier.create(role.endsNode())
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(50))
                .thenCancel()
                .verify();
        assertThat(role.failure())
                .hasValueSatisfying(failure -> assertThat(failure).hasMessage("denied"));
    }

    @Test
    void anyRole_outOfMemory_endsTheNode_andSaysTheWayOut() {
        var role = role(new Calling(new OutOfMemoryError("Java heap space")), false);
        role.start();
        call.countDown();

        String line = "out of memory in predict (Java heap space); give more with FRAMECAST_JAVA_OPTIONS=-Xmx4g";
        assertThatThrownBy(() -> role.endsNode().block()).hasMessage(line);
        assertThatThrownBy(() -> role.end(new Role.Ending(false, Duration.ofSeconds(1), Mono.never())))
                .hasMessage(line);
    }

    @Test
    void vitalRole_thatIsNotDoneInTime_saysSo() {
        var role = role(new Calling(null), true);
        role.start();

        assertThatThrownBy(() -> role.end(new Role.Ending(true, Duration.ofMillis(20), Mono.never())))
                .hasMessageContaining("predict was not done within");
        call.countDown();
    }

    @Test
    void role_neverStarted_isReleasedWhenClosed() {
        role(new Calling(null), true).close();
        assertThat(released).hasValue(1);
        assertThat(closed).as("the clients that it never used").hasValue(1);
    }
}
