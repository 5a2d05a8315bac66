package io.framecast.node;

import io.framecast.topic.MalformedRecordException;
import io.framecast.worker.WorkerListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/** The metrics of one worker, and those of its Kafka clients. */
final class WorkerMeters implements WorkerListener, AutoCloseable {
    private static final double MILLIS = 1000;

    private final MeterRegistry metrics;
    private final Tags tags;
    private final Timer transactions;
    private final Counter failures;
    private Optional<KafkaClientMetrics> reading = Optional.empty();
    private Optional<KafkaClientMetrics> writing = Optional.empty();
    private volatile long behind;
    private volatile double ageSeconds;

    /**
     * Registers them.
     *
     * @param role the word that tells one worker of a process from another
     */
    WorkerMeters(MeterRegistry metrics, String role) {
        this.metrics = metrics;
        tags = Tags.of("role", role);
        transactions = Timer.builder("framecast.transaction")
                .tags(tags)
                .serviceLevelObjectives(MeterNames.BOUNDS)
                .register(metrics);
        failures = Counter.builder("framecast.transaction.failures").tags(tags).register(metrics);
        Gauge.builder("framecast.lag.records", this, meters -> meters.behind)
                .tags(tags)
                .register(metrics);
        Gauge.builder("framecast.lag.seconds", this, meters -> meters.ageSeconds)
                .tags(tags)
                .register(metrics);
    }

    @Override
    public synchronized void reads(Consumer<?, ?> consumer) {
        reading = Optional.of(bound(new KafkaClientMetrics(consumer, tags)));
    }

    @Override
    public synchronized void writes(Producer<?, ?> producer) {
        writing.ifPresent(KafkaClientMetrics::close);
        writing = Optional.of(bound(new KafkaClientMetrics(producer, tags)));
    }

    private KafkaClientMetrics bound(KafkaClientMetrics client) {
        client.bindTo(metrics);
        return client;
    }

    @Override
    public void read(long records, Duration age) {
        behind = records;
        ageSeconds = age.toMillis() / MILLIS;
    }

    @Override
    public void committed(Duration time) {
        transactions.record(time);
    }

    @Override
    public void notCommitted() {
        failures.increment();
    }

    @Override
    public void malformed(MalformedRecordException.Kind kind) {
        String reason = kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
        Counter.builder("framecast.malformed.records")
                .tags(tags)
                .tag("reason", reason)
                .register(metrics)
                .increment();
    }

    @Override
    public synchronized void close() {
        reading.ifPresent(KafkaClientMetrics::close);
        writing.ifPresent(KafkaClientMetrics::close);
    }
}
