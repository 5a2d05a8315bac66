package io.framecast.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.pytorch.jni.JniUtils;
import io.framecast.model.engine.TorchEngine;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ForecastThreadsTest {
    @BeforeAll
    static void load() {
        TorchEngine.load();
    }

    @Test
    void tasks_giveTheirResultsInOrder() {
        try (var threads = new ForecastThreads()) {
            List<Callable<Integer>> tasks = IntStream.range(0, 20)
                    .mapToObj(i -> (Callable<Integer>) () -> i)
                    .toList();

            assertThat(threads.onOneCoreEach(tasks))
                    .containsExactlyElementsOf(IntStream.range(0, 20).boxed().toList());
        }
    }

    @Test
    void engine_computesOnOneCoreOrOnAll() {
        try (var threads = new ForecastThreads()) {
            for (int round = 0; round < 3; round++) {
                assertThat(threads.onAllCores(JniUtils::getNumThreads)).isEqualTo(ForecastThreads.cores());
                assertThat(threads.onOneCoreEach(List.of(JniUtils::getNumThreads, JniUtils::getNumThreads)))
                        .containsOnly(1);
            }
        }
    }

    @Test
    void failures_areThoseOfTheTask() {
        try (var threads = new ForecastThreads()) {
            var failure = new IllegalArgumentException("no");
            var error = new OutOfMemoryError("no");

            assertThatThrownBy(() -> threads.onAllCores(() -> {
                        throw failure;
                    }))
                    .isSameAs(failure);
            assertThatThrownBy(() -> threads.onOneCoreEach(List.of(() -> {
                        throw error;
                    })))
                    .isSameAs(error);
        }
    }

    @Test
    void close_waitsForARunningTask() throws InterruptedException {
        var began = new CountDownLatch(1);
        var ended = new AtomicBoolean();
        var threads = new ForecastThreads();
        var caller = new Thread(() -> threads.onAllCores(() -> {
            began.countDown();
            long until = System.nanoTime() + 300_000_000;
            while (System.nanoTime() < until) { // as native code, which no interrupt reaches
                Thread.onSpinWait();
            }
            ended.set(true);
            return 0;
        }));
        caller.start();
        began.await();

        threads.close();

        assertThat(ended).isTrue();
        caller.join();
    }
}
