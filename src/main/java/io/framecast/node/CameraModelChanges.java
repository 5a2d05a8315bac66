package io.framecast.node;

import io.framecast.camera.CameraSettings;
import io.framecast.frame.CameraId;
import io.framecast.predict.CameraModels;
import io.framecast.topic.BrokerException;
import io.framecast.topic.CameraStatusCodec;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.MalformedRecordException;
import io.framecast.topic.TopicKind;
import io.framecast.topic.TopicReader;
import io.framecast.topic.TopicReader.Start;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.util.retry.Retry;

/** Follows the cameras topic, which says which cameras are to have a model of their own, and tells a predictor. */
final class CameraModelChanges implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CameraModelChanges.class);

    /** How long a start waits to know the cameras' models; what it learns later counts as well. */
    private static final Duration LONGEST_START = Duration.ofSeconds(10);

    private final KafkaConnection connection;
    private final CameraModels models;
    private final Consumer<String> out;
    private final CountDownLatch known = new CountDownLatch(1);
    private final Disposable.Swap reading = Disposables.swap();
    private volatile String trouble = "";

    /** @param out takes a line if the topic cannot be read */
    CameraModelChanges(KafkaConnection connection, CameraModels models, Consumer<String> out) {
        this.connection = connection;
        this.models = models;
        this.out = out;
    }

    /** Begins, and waits until it is known what was said before. */
    void start() {
        reading.update(new TopicReader(connection)
                .read(Map.of(TopicKind.CAMERAS, Start.BEGINNING), () -> {}, known::countDown)
                .doOnNext(this::take)
                .retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofSeconds(1))
                        .maxBackoff(Duration.ofSeconds(30))
                        .doBeforeRetry(failed -> tell(failed.failure())))
                .subscribe());
        try {
            if (!known.await(LONGEST_START.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("which cameras have a model of their own is not known yet; starting with one for all");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Without the topic, or the right to read it, all else goes on; told once for each reason. */
    private void tell(Throwable failure) {
        String words = String.valueOf(failure.getMessage());
        if (!trouble.equals(words)) {
            trouble = words;
            if (failure instanceof BrokerException refusal && refusal.reason().equals("refused")) {
                out.accept("model     no camera can have a model of its own here: " + words);
            } else {
                log.debug("the cameras topic is read again soon", failure);
            }
        }
        known.countDown();
    }

    private void take(TopicReader.Found found) {
        try {
            if (found.isRemoval()) {
                models.name(new CameraId(found.key()), "");
                return;
            }
            String name = CameraStatusCodec.model(found.value());
            models.name(new CameraId(found.key()), CameraSettings.model(Map.of("model", name)));
        } catch (MalformedRecordException | IllegalArgumentException e) { // of another program; cameras go on as before
            log.debug("the model of camera '{}' is left out: {}", found.key(), e.getMessage());
        }
    }

    @Override
    public void close() {
        reading.dispose();
    }
}
