package io.framecast.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.framecast.topic.BrokerException;
import io.framecast.topic.MalformedRecordException;
import io.framecast.topic.TopicKind;
import io.framecast.worker.WorkerConfig.Sharing;
import io.framecast.worker.WorkerConfig.Tuning;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.InvalidSessionTimeoutException;
import org.apache.kafka.common.errors.InvalidTxnTimeoutException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The worker in virtual time, on a cluster that does what each test wants. */
class TransactionalWorkerTest {
    private static final TopicPartition ONE = FakeKafka.partition(TopicKind.FRAMES, 0);
    private static final TopicPartition TWO = FakeKafka.partition(TopicKind.FRAMES, 1);
    private static final String OUT = FakeKafka.CONNECTION.topic(TopicKind.FORECASTS) + ":";

    private final FakeKafka kafka = new FakeKafka();
    private final Echo echo = new Echo();
    private final Watcher watcher = new Watcher();
    private final List<Duration> pauses = new CopyOnWriteArrayList<>();
    private final List<TransactionalWorker<String, String>> workers = new ArrayList<>();
    private CompletableFuture<Void> ended = CompletableFuture.completedFuture(null);
    private volatile Instant timeOfDay = Instant.EPOCH;

    /** Publishes each record again, one batch for each call, and knows all that it holds. */
    private static final class Echo implements Processor<String, String> {
        private final List<Input<String>> waiting = new ArrayList<>();
        private final List<List<String>> made = new CopyOnWriteArrayList<>();
        private final List<String> committed = new CopyOnWriteArrayList<>();
        private final List<Integer> forgotten = new CopyOnWriteArrayList<>();
        private volatile boolean hasEnded;
        private volatile boolean holdsBack;
        private volatile boolean isSetAnew;
        private volatile boolean isCalling;
        private volatile CompletableFuture<Void> call = CompletableFuture.completedFuture(null);

        @Override
        public long resume(InputPartition place, Checkpoint left) {
            return left.next();
        }

        @Override
        public void accept(Input<String> input) {
            waiting.add(input);
        }

        @Override
        public boolean wants(InputPartition place, ToLongFunction<InputPartition> lag) {
            return true;
        }

        @Override
        public Duration timeUntilDue() {
            return Duration.ofMillis(50);
        }

        @Override
        public List<String> due(boolean draining) {
            if (waiting.isEmpty() || (holdsBack && !draining)) {
                return List.of();
            }
            var batch = waiting.stream().map(Input::value).toList();
            waiting.clear();
            made.add(batch);
            isCalling = true;
            call.join();
            return batch;
        }

        @Override
        public Checkpoint checkpoint(InputPartition place, long position) {
            long next = waiting.stream()
                    .filter(input -> input.place().equals(place))
                    .mapToLong(Input::offset)
                    .min()
                    .orElse(position);
            return new Checkpoint(next, "");
        }

        @Override
        public void committed(List<String> outputs) {
            committed.addAll(outputs);
        }

        @Override
        public void forget(int partition) {
            forgotten.add(partition);
            waiting.removeIf(input -> input.place().partition() == partition);
        }

        @Override
        public boolean isIdle() {
            return waiting.isEmpty();
        }

        @Override
        public boolean reconfigure() {
            boolean readsAgain = isSetAnew;
            isSetAnew = false;
            return readsAgain;
        }

        @Override
        public void end() {
            hasEnded = true;
        }
    }

    /** Notes what it is told. */
    private static final class Watcher implements WorkerListener {
        private final List<String> told = new CopyOnWriteArrayList<>();
        private final List<Duration> ages = new CopyOnWriteArrayList<>();

        @Override
        public void reads(Consumer<?, ?> consumer) {
            told.add("reads");
        }

        @Override
        public void writes(Producer<?, ?> producer) {
            told.add("writes");
        }

        @Override
        public void read(long behind, Duration age) {
            told.add("read");
            ages.add(age);
        }

        @Override
        public void committed(Duration time) {
            told.add("committed");
        }

        @Override
        public void notCommitted() {
            told.add("not committed");
        }

        @Override
        public void malformed(MalformedRecordException.Kind kind) {
            told.add("malformed " + kind);
        }
    }

    private static String decode(String key, byte[] value) throws MalformedRecordException {
        var text = new String(value, StandardCharsets.UTF_8);
        if (text.startsWith("bad")) {
            throw new MalformedRecordException("it is bad", null);
        }
        return text;
    }

    private static Output encode(String value) {
        return new Output(
                TopicKind.FORECASTS, "key", Instant.EPOCH, "Forecast", "", value.getBytes(StandardCharsets.UTF_8));
    }

    private void start(boolean deniedForNow) {
        var config = new WorkerConfig(
                FakeKafka.CONNECTION,
                "group",
                "slot",
                true,
                deniedForNow,
                new Tuning(Sharing.STICKY, 500, 1 << 20, Duration.ZERO, Duration.ZERO));
        var wiring = new Wiring<String, String>(
                Map.of(TopicKind.FRAMES, TransactionalWorkerTest::decode),
                TransactionalWorkerTest::encode,
                List.of(),
                true);
        var worker = new TransactionalWorker<>(
                config, wiring, echo, watcher, kafka, kafka::nanos, () -> timeOfDay, pauses::add);
        workers.add(worker);
        kafka.atNextPoll(() -> kafka.assign(Set.of(ONE, TWO)));
        ended = CompletableFuture.runAsync(worker);
    }

    private void start() {
        start(false);
    }

    @AfterEach
    void stop() {
        kafka.releaseCommits();
        workers.forEach(TransactionalWorker::stop);
        await().until(kafka::isClosed);
    }

    private void awaitPublished(String... values) {
        await().untilAsserted(() -> assertThat(kafka.published())
                .containsExactly(List.of(values).stream().map(OUT::concat).toArray(String[]::new)));
    }

    private long committed(TopicPartition partition) {
        return Objects.requireNonNull(kafka.committed().get(partition)).offset();
    }

    @Test
    void outputs_andTheOffsetsTheyComeFrom_areCommittedTogether() {
        kafka.append(TopicKind.FRAMES, 0, "a");
        kafka.append(TopicKind.FRAMES, 0, "b");
        start();

        awaitPublished("a", "b");
        assertThat(committed(ONE)).isEqualTo(2);
        await().until(() -> echo.committed.equals(List.of("a", "b")));
    }

    @Test
    void nextBatch_isMadeWhileTheLastCommits() {
        kafka.append(TopicKind.FRAMES, 0, "a");
        kafka.holdCommits();
        start();
        await().until(kafka::holdsACommit);

        kafka.append(TopicKind.FRAMES, 0, "b");
        await().until(() -> echo.made.size() == 2);

        assertThat(kafka.holdsACommit()).isTrue();
        assertThat(kafka.published()).isEmpty();
        kafka.releaseCommits();
        awaitPublished("a", "b");
        assertThat(committed(ONE)).isEqualTo(2);
    }

    @Test
    void rebalanceInTheMiddleOfABatch_waitsForItsCommit_andNothingIsLostOrRepeated() {
        kafka.append(TopicKind.FRAMES, 0, "a");
        kafka.append(TopicKind.FRAMES, 1, "b");
        kafka.holdCommits();
        start();
        await().until(kafka::holdsACommit);
        var taken = new CompletableFuture<Void>();
        kafka.atNextPoll(() -> {
            kafka.assign(Set.of(TWO));
            taken.complete(null);
        });

        await().during(Duration.ofMillis(100)).until(() -> !taken.isDone());
        kafka.releaseCommits();

        taken.join();
        assertThat(committed(ONE)).as("what the next owner resumes from").isEqualTo(1);
        assertThat(echo.forgotten).containsExactly(0);
        kafka.append(TopicKind.FRAMES, 0, "of another worker");
        kafka.append(TopicKind.FRAMES, 1, "c");
        awaitPublished("a", "b", "c");
        assertThat(committed(ONE)).isEqualTo(1);
    }

    @Test
    void partitionTakenWithWindowsWaiting_isLeftWhereTheyBegin() {
        echo.holdsBack = true;
        kafka.append(TopicKind.FRAMES, 0, "a");
        start();
        await().until(() -> kafka.committed().containsKey(ONE));
        kafka.atNextPoll(() -> kafka.assign(Set.of(TWO)));
        await().until(() -> echo.forgotten.contains(0));

        assertThat(committed(ONE)).isZero();
        assertThat(kafka.published()).isEmpty();
    }

    @Test
    void failingCommit_isTakenBack_andMadeAgainOnce() {
        kafka.failNextCommit(new KafkaException("the coordinator is gone"));
        kafka.append(TopicKind.FRAMES, 0, "a");
        start();

        awaitPublished("a");
        assertThat(echo.made).containsExactly(List.of("a"), List.of("a"));
        assertThat(kafka.transactionalIds()).containsExactly("slot", "slot");
        await().until(() -> echo.committed.equals(List.of("a")));
    }

    @Test
    void setAnew_waitsForTheCommit_andReadsOnFromIt_withoutRepeating() {
        kafka.append(TopicKind.FRAMES, 0, "a");
        kafka.holdCommits();
        start();
        await().until(kafka::holdsACommit);
        echo.isSetAnew = true;
        await().until(() -> !echo.isSetAnew);
        assertThat(echo.forgotten).isEmpty();
        kafka.releaseCommits();

        await().until(() -> echo.forgotten.contains(0));
        kafka.append(TopicKind.FRAMES, 0, "b");
        awaitPublished("a", "b");
        assertThat(echo.made).containsExactly(List.of("a"), List.of("b"));
        assertThat(committed(ONE)).isEqualTo(2);
    }

    @Test
    void setAnew_whileTheCommitFails_makesThatBatchAgain_once() {
        kafka.append(TopicKind.FRAMES, 0, "a");
        kafka.holdCommits();
        kafka.failNextCommit(new KafkaException("the broker is away"));
        start();
        await().until(kafka::holdsACommit);
        echo.isSetAnew = true;
        await().until(() -> !echo.isSetAnew);
        kafka.releaseCommits();

        awaitPublished("a");
        assertThat(echo.made).containsExactly(List.of("a"), List.of("a"));
    }

    @Test
    void setAnew_whileOffsetsAreNotKnown_isReadAgainLater() {
        kafka.append(TopicKind.FRAMES, 0, "a");
        start();
        awaitPublished("a");
        kafka.failNextLookup(new KafkaException("the broker is away"));
        echo.isSetAnew = true;
        await().until(() -> echo.forgotten.size() >= 2);

        kafka.append(TopicKind.FRAMES, 0, "b");
        awaitPublished("a", "b");
    }

    @Test
    void commitsThatFailAgainAndAgain_areTriedWithPauses() {
        for (int i = 0; i < 3; i++) {
            kafka.failNextCommit(new KafkaException("the coordinator is gone"));
        }
        kafka.append(TopicKind.FRAMES, 0, "a");
        start();

        awaitPublished("a");
        assertThat(pauses).containsExactly(Duration.ofMillis(500), Duration.ofMillis(500));
    }

    @Test
    void commitThatFailsDuringARebalance_isMadeAgain() {
        kafka.append(TopicKind.FRAMES, 1, "a");
        kafka.holdCommits();
        kafka.failNextCommit(new KafkaException("the group has a new generation"));
        start();
        await().until(kafka::holdsACommit);
        kafka.atNextPoll(() -> kafka.assign(Set.of(TWO)));
        kafka.releaseCommits();

        awaitPublished("a");
        assertThat(committed(TWO)).isEqualTo(1);
    }

    @Test
    void fencedOnce_asByATimeOut_keepsItsId() {
        kafka.failNextCommit(new ProducerFencedException("the transaction timed out"));
        kafka.append(TopicKind.FRAMES, 0, "a");
        start();

        awaitPublished("a");
        assertThat(kafka.transactionalIds()).containsExactly("slot", "slot");
    }

    @Test
    void fencedAgainSoon_takesAnIdOfItsOwn() {
        kafka.stopClock();
        kafka.failNextCommit(new ProducerFencedException("a newer producer has the id"));
        kafka.failNextCommit(new KafkaException(new ProducerFencedException("a newer producer has the id")));
        kafka.append(TopicKind.FRAMES, 0, "a");
        start();

        awaitPublished("a");
        assertThat(kafka.transactionalIds()).hasSize(3).startsWith("slot", "slot");
        assertThat(kafka.transactionalIds().get(2)).startsWith("slot.").hasSizeGreaterThan(10);
    }

    @Test
    void pollThatThrows_isTriedAgain_fromTheLastCommit() {
        kafka.append(TopicKind.FRAMES, 0, "a");
        start();
        awaitPublished("a");
        kafka.atNextPoll(() -> {
            throw new KafkaException("an error on the way");
        });
        kafka.append(TopicKind.FRAMES, 0, "b");

        awaitPublished("a", "b");
    }

    @Test
    void pollThatThrows_whileACommitIsUnderWay_repeatsNothing() {
        kafka.append(TopicKind.FRAMES, 0, "a");
        kafka.holdCommits();
        start();
        await().until(kafka::holdsACommit);
        kafka.atNextPoll(() -> {
            throw new KafkaException("a corrupt batch");
        });
        kafka.append(TopicKind.FRAMES, 0, "b");
        await().during(Duration.ofMillis(100))
                .until(() -> kafka.transactionalIds().size() == 1);
        kafka.releaseCommits();

        awaitPublished("a", "b");
        assertThat(echo.made).containsExactly(List.of("a"), List.of("b"));
        assertThat(ended).isNotDone();
    }

    @Test
    void pollThatThrows_whileACommitFails_isOneRecovery() {
        kafka.append(TopicKind.FRAMES, 0, "a");
        kafka.holdCommits();
        kafka.failNextCommit(new KafkaException("the coordinator is gone"));
        start();
        await().until(kafka::holdsACommit);
        kafka.atNextPoll(() -> {
            kafka.releaseCommits();
            throw new KafkaException("a corrupt batch");
        });

        awaitPublished("a");
        assertThat(kafka.transactionalIds()).containsExactly("slot", "slot");
    }

    @Test
    void trouble_isAnObstacle_untilACommitSucceeds() {
        kafka.append(TopicKind.FRAMES, 0, "a");
        kafka.failNextCommit(new KafkaException("the coordinator is gone"));
        kafka.atNextPoll(() -> kafka.assign(Set.of(ONE)));
        start();
        kafka.atNextPoll(kafka::holdCommits);
        await().until(() -> !kafka.transactionalIds().isEmpty());

        await().until(() -> kafka.holdsACommit() || !kafka.published().isEmpty());
        kafka.releaseCommits();
        awaitPublished("a");
        await().until(() -> workers.get(0).obstacle().isEmpty());
    }

    @Test
    void stop_whileKafkaIsAway_endsInOrder() {
        kafka.failIntroductions(new TimeoutException("no answer"));
        start();
        await().until(() -> pauses.size() > 3);
        assertThat(workers.get(0).obstacle())
                .hasValueSatisfying(words -> assertThat(words).isEqualTo("waiting for Kafka: no answer"));
        workers.get(0).stop();

        assertThat(ended).succeedsWithin(Duration.ofSeconds(5));
    }

    @Test
    void drain_endsWhenAllIsPublished_andTellsTheProcessor() {
        echo.holdsBack = true;
        for (String value : List.of("a", "b", "c")) {
            kafka.append(TopicKind.FRAMES, 0, value);
        }
        start();
        workers.get(0).drain();

        ended.join();
        awaitPublished("a", "b", "c");
        assertThat(echo.hasEnded).isTrue();
        assertThat(committed(ONE)).isEqualTo(3);
    }

    @Test
    void offsetsThatAreNotKnownWhenPartitionsCome_areAskedForAgain_andTheWorkerIsAssigned() {
        kafka.failNextLookup(new TimeoutException("the last committed offset could not be determined"));
        kafka.append(TopicKind.FRAMES, 0, "a");
        start();
        workers.get(0).drain();

        assertThat(ended).succeedsWithin(Duration.ofSeconds(10));
        awaitPublished("a");
        assertThat(workers.get(0).isAssigned()).isTrue();
    }

    @Test
    void offsetsThatStayUnknown_areAnObstacle_thatNamesTheGroupAndTheWayOut() {
        kafka.failLookups(new TimeoutException("the last committed offset could not be determined"));
        kafka.append(TopicKind.FRAMES, 0, "a");
        start();

        await().untilAsserted(() -> assertThat(workers.get(0).obstacle())
                .hasValueSatisfying(words -> assertThat(words)
                        .contains("offsets of group group have not been known", "kafka-transactions.sh")));
        workers.get(0).stop();
        assertThat(ended).succeedsWithin(Duration.ofSeconds(5));
    }

    @Test
    void drain_ofWhatEndsInATransaction_endsToo() {
        kafka.append(TopicKind.FRAMES, 0, "a");
        kafka.endTransaction(TopicKind.FRAMES, 0);
        start();
        workers.get(0).drain();

        assertThat(ended).succeedsWithin(Duration.ofSeconds(10));
        awaitPublished("a");
    }

    @Test
    void stop_leavesWhatWaitsToTheNextWorker() {
        echo.holdsBack = true;
        kafka.append(TopicKind.FRAMES, 0, "a");
        start();
        await().until(() -> !kafka.committed().isEmpty());
        workers.get(0).stop();

        ended.join();
        assertThat(kafka.published()).isEmpty();
        assertThat(echo.hasEnded).isFalse();
        assertThat(committed(ONE)).isZero();

        echo.waiting.clear();
        echo.holdsBack = false;
        start();
        awaitPublished("a");
    }

    @Test
    void abandon_duringACommit_endsWithoutIt() {
        kafka.append(TopicKind.FRAMES, 0, "a");
        kafka.failNextCommit(new KafkaException("closed"));
        kafka.holdCommits();
        start();
        await().until(kafka::holdsACommit);
        workers.get(0).abandon();
        kafka.releaseCommits();

        await().until(kafka::isClosed);
        assertThat(kafka.published()).isEmpty();
        assertThat(kafka.committed()).isEmpty();
        assertThat(ended).succeedsWithin(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, Long.MIN_VALUE, -1, 0})
    void recordOfAnyTime_withATraceThatIsNone_isProcessedLikeOthers(long timestamp) {
        timeOfDay = Instant.parse("2026-01-31T08:00:00Z");
        kafka.append(TopicKind.FRAMES, 0, "a", timestamp);
        start();

        awaitPublished("a");
        assertThat(watcher.ages).isNotEmpty().noneMatch(Duration::isNegative);
    }

    @Test
    void listener_isToldOfReading_Commits_Failures_andWhatWasMalformed() {
        kafka.failNextCommit(new TimeoutException("slow"));
        kafka.append(TopicKind.FRAMES, 0, "a");
        kafka.append(TopicKind.FRAMES, 0, "bad one");
        start();
        await().until(() -> watcher.told.contains("malformed INVALID"));

        assertThat(watcher.told.subList(0, 2)).containsExactlyInAnyOrder("reads", "writes");
        assertThat(watcher.told)
                .containsSubsequence("read", "not committed", "writes", "committed")
                .containsOnlyOnce("malformed INVALID", "not committed");
    }

    @Test
    void abandon_duringALongCall_endsInOrderWhenThatReturns_andCommitsNothing() {
        echo.call = new CompletableFuture<>();
        kafka.append(TopicKind.FRAMES, 0, "a");
        start();
        await().until(() -> echo.isCalling);
        workers.get(0).abandon();
        echo.call.complete(null);

        assertThat(ended).succeedsWithin(Duration.ofSeconds(5));
        assertThat(kafka.published()).isEmpty();
        assertThat(echo.forgotten)
                .as("nobody but the worker's thread touches the processor")
                .isEmpty();
    }

    @Test
    void abandon_whoseLeavingTakesLong_isWaitedForByTheWorkerThatEndsMeanwhile() {
        echo.call = new CompletableFuture<>();
        kafka.append(TopicKind.FRAMES, 0, "a");
        start();
        await().until(() -> echo.isCalling);
        kafka.holdCloses();
        var abandoning = CompletableFuture.runAsync(workers.get(0)::abandon);
        await().until(kafka::holdsAClose);
        echo.call.complete(null);
        await().during(Duration.ofMillis(200)).until(() -> !ended.isDone());
        kafka.releaseCloses();

        assertThat(abandoning).succeedsWithin(Duration.ofSeconds(5));
        assertThat(ended).succeedsWithin(Duration.ofSeconds(5));
        assertThat(kafka.published()).isEmpty();
    }

    @Test
    void malformedRecord_isPutAsideOnce_whenTheCommitPassesIt() {
        echo.holdsBack = true;
        kafka.append(TopicKind.FRAMES, 0, "a");
        kafka.append(TopicKind.FRAMES, 0, "bad one");
        start();
        await().until(() -> kafka.committed().containsKey(ONE));
        assertThat(kafka.published()).as("while a record before it is not done").isEmpty();

        echo.holdsBack = false;
        await().until(() -> workers.get(0).malformed() == 1);
        assertThat(kafka.published())
                .containsExactlyInAnyOrder(OUT + "a", FakeKafka.CONNECTION.topic(TopicKind.DEAD_LETTER) + ":bad one");
    }

    static List<KafkaException> fatal() {
        return List.of(
                new TopicAuthorizationException(Set.of("test.forecasts.v1")),
                new TransactionalIdAuthorizationException("not authorized"),
                new ClusterAuthorizationException("not authorized"),
                new SaslAuthenticationException("wrong password"),
                new InvalidSessionTimeoutException("not within the broker's range"),
                new InvalidTxnTimeoutException("larger than the broker's limit"),
                new KafkaException(
                        "Unexpected error in InitProducerIdResponse; " + Errors.INVALID_TRANSACTION_TIMEOUT.message()),
                new UnsupportedVersionException("TxnOffsetCommit version 3"));
    }

    @ParameterizedTest
    @MethodSource("fatal")
    void whatTryingAgainCannotMend_endsTheWorkerWithASentence(KafkaException failure) {
        kafka.failNextCommit(new KafkaException("in an error state", failure));
        kafka.append(TopicKind.FRAMES, 0, "a");
        start();

        assertThatThrownBy(ended::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("group")
                .hasMessageContaining(String.valueOf(failure.getMessage()));
        assertThat(kafka.transactionalIds()).hasSize(1);
    }

    @Test
    void deniedForNow_asOnAFullDisk_isTriedAgain() {
        kafka.failNextCommit(new TopicAuthorizationException(Set.of("test.forecasts.v1")));
        kafka.append(TopicKind.FRAMES, 0, "a");
        start(true);

        awaitPublished("a");
    }

    @Test
    void timeOfDaySetBackAndForth_changesNothing() {
        kafka.append(TopicKind.FRAMES, 0, "a");
        start();
        awaitPublished("a");
        for (int hours : new int[] {1, -1, 100, -100}) {
            timeOfDay = timeOfDay.plus(Duration.ofHours(hours));
            int before = kafka.published().size();
            kafka.append(TopicKind.FRAMES, 0, "at " + hours);
            await().until(() -> kafka.published().size() == before + 1);
        }
    }
}
