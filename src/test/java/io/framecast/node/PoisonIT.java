package io.framecast.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.framecast.forecast.Forecast;
import io.framecast.frame.CameraId;
import io.framecast.frame.Frames;
import io.framecast.predict.BatchConfig;
import io.framecast.predict.Policy;
import io.framecast.preview.CameraViews;
import io.framecast.topic.ForecastCodec;
import io.framecast.topic.FrameCodec;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.MalformedRecordException;
import io.framecast.topic.ScoreCodec;
import io.framecast.topic.TopicAdmin;
import io.framecast.topic.TopicKind;
import io.framecast.topic.TopicReader;
import io.framecast.topic.TopicReader.Start;
import io.framecast.topic.broker.EmbeddedBroker;
import io.framecast.topic.proto.CameraStatus;
import io.framecast.topic.proto.Frame;
import io.framecast.topic.proto.Shape;
import io.framecast.worker.WorkerConfig;
import io.framecast.worker.WorkerListener;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hostile records in the frames topic: each is a dead letter with its reason, and the predictor goes on. */
class PoisonIT {
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final int LARGE = 10;
    private static final int MEGABYTE = 1_048_000;

    @TempDir
    Path directory;

    private final Random random = new Random(7);

    /** What no frame is, and a word of the reason that must be given. */
    private enum Poison {
        TRUNCATED("Protobuf"),
        RANDOM(""),
        EMPTY("encoding"),
        TOMBSTONE("encoding"),
        WRONG_SCHEMA(""),
        WRONG_KEY("key"),
        NO_KEY("key"),
        SIZE_LIE("needs"),
        HUGE_SHAPE("out of range"),
        OTHER_SHAPE("the model takes 2x2x3 only"),
        LARGE_SHAPE("more than 30000 bytes"),
        BAD_ID("camera"),
        FAR_FUTURE("outside the years"),
        LATE_EPOCH("outside the years"),
        NEGATIVE_SEQUENCE("negative"),
        ENCODING("encoding");

        private final String word;

        Poison(String word) {
            this.word = word;
        }
    }

    @Test
    void hostileRecords_areDeadLettersWithTheirReasons_andThePredictorGoesOn() throws Exception {
        areDeadLetters(1_000 * Poison.values().length);
    }

    @Test
    @Tag("faults")
    void hostileRecords_aHundredThousand_areDeadLettersToo() throws Exception {
        areDeadLetters(100_000);
    }

    private void areDeadLetters(int records) throws Exception {
        try (var broker = EmbeddedBroker.start(directory, 0)) {
            var kafka = new KafkaConnection(broker.bootstrap(), "framecast", Map.of());
            new TopicAdmin(kafka).create(Optional.empty());
            var committed = new CopyOnWriteArrayList<String>();
            var reading = new TopicReader(kafka)
                    .read(Map.of(TopicKind.FORECASTS, Start.BEGINNING))
                    .map(PoisonIT::decode)
                    .map(Forecast::id)
                    .filter(id -> id.startsWith("good/"))
                    .subscribe(committed::add);
            var scored = new CopyOnWriteArrayList<String>();
            var readingScores = new TopicReader(kafka)
                    .read(Map.of(TopicKind.SCORES, Start.BEGINNING))
                    .map(PoisonIT::scoredForecast)
                    .subscribe(scored::add);
            var batching = new BatchConfig(Policy.ALL, 8, Duration.ofMillis(5));
            var views = new CameraViews();
            try (var predictors = new Predictors(kafka, batching, 1);
                    var scoring = new WorkerRole(
                            "score",
                            ScoreRole.worker(
                                    new WorkerConfig(
                                            kafka,
                                            "framecast.score",
                                            "framecast.score.0",
                                            true,
                                            true,
                                            ScoreRole.tuning()),
                                    score -> {},
                                    WorkerListener.NONE),
                            () -> {},
                            true);
                    var past = Pasts.withoutClips();
                    var preview = new PreviewRole(kafka, views, past)) {
                var loop = predictors.start(new GreyForecaster(4, Duration.ZERO));
                scoring.start();
                preview.start();
                publishGood(predictors, 0, 50);
                Map<String, Poison> sent = poison(kafka, records);
                publishGood(predictors, 50, 100);
                await().atMost(SOON).until(() -> loop.malformed() >= records);
                await().atMost(SOON).until(() -> committed.size() >= 97);
                assertThat(committed).hasSize(97).doesNotHaveDuplicates();
                // 97 forecasts; the last 32 of them wait for frames that have not come.
                await().atMost(SOON).until(() -> scored.size() >= 65);
                assertThat(scored).hasSize(65).doesNotHaveDuplicates().isSubsetOf(committed);
                Map<String, String> reasons = deadLetters(kafka);
                assertThat(reasons.keySet()).isEqualTo(sent.keySet());
                sent.forEach((origin, kind) -> assertThat(reasons.get(origin))
                        .as("%s at %s", kind, origin)
                        .contains(kind.word));
                assertThat(loop.malformed()).isEqualTo(records);
                await().atMost(SOON)
                        .until(() -> views.view(new CameraId("good")).stream()
                                .anyMatch(view ->
                                        view.frame().orElseThrow().value().sequence() == 99));
                assertThat(preview).isNotNull();
            } finally {
                reading.dispose();
                readingScores.dispose();
            }
        }
    }

    private static void publishGood(Predictors predictors, long from, long to) {
        predictors.publish(LongStream.range(from, to)
                .mapToObj(sequence -> Frames.of("good", Frames.EPOCH, sequence, GreyForecaster.SHAPE)));
    }

    /** Sends them all; what lies where. */
    private Map<String, Poison> poison(KafkaConnection kafka, int records) {
        var sent = new ConcurrentHashMap<String, Poison>();
        var failures = new CopyOnWriteArrayList<Exception>();
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", kafka.bootstrap(), "linger.ms", "5"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < records; i++) {
                Poison kind = Poison.values()[i % Poison.values().length];
                var unused = producer.send(record(kafka, kind, i), (metadata, failure) -> {
                    if (failure != null) {
                        failures.add(failure);
                    } else {
                        sent.put(metadata.topic() + "/" + metadata.partition() + "/" + metadata.offset(), kind);
                    }
                });
            }
        }
        assertThat(failures).isEmpty();
        return sent;
    }

    private ProducerRecord<byte[], byte[]> record(KafkaConnection kafka, Poison kind, int number) {
        String camera = "evil" + number % 1000;
        byte[] key = (kind == Poison.WRONG_KEY ? "other" : camera).getBytes(StandardCharsets.UTF_8);
        return new ProducerRecord<>(
                kafka.topic(TopicKind.FRAMES),
                number % 12,
                kind == Poison.NO_KEY ? null : key,
                value(kind, camera, number));
    }

    private byte @Nullable [] value(Poison kind, String camera, int number) {
        var frame = Frame.newBuilder()
                .mergeFrom(parsed(FrameCodec.encode(Frames.of(camera, Frames.EPOCH, number, GreyForecaster.SHAPE))));
        return switch (kind) {
            case TRUNCATED ->
                Arrays.copyOf(frame.build().toByteArray(), frame.build().getSerializedSize() - 1 - random.nextInt(8));
            case RANDOM -> bytes(number < LARGE * Poison.values().length ? MEGABYTE : 1 + random.nextInt(200));
            case EMPTY -> new byte[0];
            case TOMBSTONE -> null;
            case WRONG_SCHEMA ->
                CameraStatus.newBuilder()
                        .setCamera(camera)
                        .setReason("no frame")
                        .build()
                        .toByteArray();
            case WRONG_KEY, NO_KEY -> frame.build().toByteArray();
            case SIZE_LIE ->
                frame.setPixels(ByteString.copyFrom(bytes(random.nextInt(12))))
                        .build()
                        .toByteArray();
            case HUGE_SHAPE ->
                frame.setShape(shape(-1 - random.nextInt(1 << 30))).build().toByteArray();
            case OTHER_SHAPE ->
                frame.setShape(shape(3))
                        .setPixels(ByteString.copyFrom(bytes(27)))
                        .build()
                        .toByteArray();
            case LARGE_SHAPE ->
                frame.setShape(shape(101))
                        .setPixels(ByteString.copyFrom(bytes(27)))
                        .build()
                        .toByteArray();
            case BAD_ID -> frame.setCamera("../" + camera + "\n\u0000").build().toByteArray();
            case FAR_FUTURE ->
                frame.setCaptureTimeUs(Long.MAX_VALUE - random.nextInt(1000))
                        .build()
                        .toByteArray();
            case LATE_EPOCH ->
                frame.setEpoch(Long.MAX_VALUE - random.nextInt(1000)).build().toByteArray();
            case NEGATIVE_SEQUENCE ->
                frame.setSequence(-1 - random.nextInt(1000)).build().toByteArray();
            case ENCODING ->
                frame.setEncodingValue(2 + random.nextInt(1000)).build().toByteArray();
        };
    }

    private static Frame parsed(byte[] value) {
        try {
            return Frame.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Shape shape(int side) {
        return Shape.newBuilder().setHeight(side).setWidth(side).setChannels(3).build();
    }

    private byte[] bytes(int size) {
        var bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    /** The reason of each dead letter, by its origin; there may be one of each only. */
    private static Map<String, String> deadLetters(KafkaConnection kafka) {
        var found = new HashMap<String, String>();
        var topic = new TopicPartition(kafka.topic(TopicKind.DEAD_LETTER), 0);
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", kafka.bootstrap(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(topic));
            consumer.seekToBeginning(List.of(topic));
            long end = consumer.endOffsets(List.of(topic)).getOrDefault(topic, 0L);
            while (consumer.position(topic) < end) {
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    String origin = header(record.headers().lastHeader("origin").value());
                    String reason = header(record.headers().lastHeader("reason").value());
                    assertThat(found.put(origin, reason))
                            .as("a second of %s", origin)
                            .isNull();
                    assertThat(reason).isNotBlank().hasSizeLessThan(600).doesNotContain("\n");
                }
            }
        }
        return found;
    }

    private static String header(byte[] value) {
        return new String(value, StandardCharsets.UTF_8);
    }

    private static Forecast decode(TopicReader.Found found) {
        try {
            return ForecastCodec.decode(found.value());
        } catch (MalformedRecordException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String scoredForecast(TopicReader.Found found) {
        try {
            return ScoreCodec.decode(found.value()).getForecastId();
        } catch (MalformedRecordException e) {
            throw new IllegalStateException(e);
        }
    }
}
