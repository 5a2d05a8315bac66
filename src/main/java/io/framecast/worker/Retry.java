package io.framecast.worker;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;

/**
 * Waits for Kafka, for as long as that can help.
 *
 * @param config of the worker that waits
 * @param stopping whether the worker is to end
 * @param warn takes what it waits for
 * @param pause lets a time pass
 */
record Retry(WorkerConfig config, BooleanSupplier stopping, Consumer<String> warn, Consumer<Duration> pause) {
    private static final Duration BACK_OFF = Duration.ofMillis(500);

    /**
     * Does something again and again until Kafka lets it.
     *
     * @throws KafkaException the last failure, when the worker is to stop
     * @throws io.framecast.topic.BrokerException if trying again cannot help
     */
    void untilDone(Runnable action) {
        while (true) {
            try {
                action.run();
                return;
            } catch (KafkaException failure) {
                requireHope(failure);
                if (stopping.getAsBoolean()) {
                    throw failure;
                }
                warn.accept("waiting for Kafka: " + failure.getMessage());
                backOff();
            }
        }
    }

    /**
     * Makes sure that trying again may help.
     *
     * @throws io.framecast.topic.BrokerException if it cannot
     */
    void requireHope(KafkaException failure) {
        Failures.fatal(failure, config.group(), config.deniedForNow()).ifPresent(fatal -> {
            throw fatal;
        });
    }

    /** Waits a moment after a failure. */
    void backOff() {
        pause.accept(BACK_OFF);
    }
}
