package io.framecast.node;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.FrameSurprise;
import io.framecast.forecast.SurprisingStretch;
import io.framecast.frame.CameraPicture;
import io.framecast.frame.Frame;
import io.framecast.preview.CameraViews;
import io.framecast.topic.CameraStatusCodec;
import io.framecast.topic.ForecastCodec;
import io.framecast.topic.FrameCodec;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.MalformedRecordException;
import io.framecast.topic.PictureCodec;
import io.framecast.topic.ScoreCodec;
import io.framecast.topic.SurpriseCodec;
import io.framecast.topic.TopicKind;
import io.framecast.topic.TopicReader;
import io.framecast.topic.TopicReader.Start;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** The preview role: what the topics say now, into what a person looks at. */
final class PreviewRole implements Role {
    private static final Logger log = LoggerFactory.getLogger(PreviewRole.class);
    private static final Map<TopicKind, Start> TOPICS = Map.of(
            TopicKind.FRAMES, Start.END,
            TopicKind.FORECASTS, Start.END,
            TopicKind.SCORES, Start.RECENT,
            TopicKind.SURPRISE, Start.RECENT,
            TopicKind.STRETCHES, Start.RECENT,
            TopicKind.CAMERAS, Start.BEGINNING);

    private static final Duration LAST_PICTURES = Duration.ofMillis(300);

    private final KafkaConnection connection;
    private final CameraViews views;
    private final PreviewPast past;
    private final Disposable.Swap reading = Disposables.swap();
    private final Disposable.Swap readingPictures = Disposables.swap();
    private volatile Optional<String> trouble = Optional.empty();

    /** @param past takes what is to be kept for a while */
    PreviewRole(KafkaConnection connection, CameraViews views, PreviewPast past) {
        this.connection = connection;
        this.views = views;
        this.past = past;
    }

    @Override
    public void start() {
        past.connect(connection);
        reading.update(new TopicReader(connection)
                .read(TOPICS, () -> trouble = Optional.empty())
                .doOnNext(this::show)
                .retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofSeconds(1))
                        .maxBackoff(Duration.ofSeconds(5))
                        .doBeforeRetry(failed -> tell(failed.failure())))
                .subscribe());
        readingPictures.update(readPictures().subscribe());
    }

    /** By themselves, because all else is shown without them: a cluster may lack their topic, or a user the right. */
    private Flux<TopicReader.Found> readPictures() {
        return new TopicReader(connection)
                .read(Map.of(TopicKind.PICTURES, Start.END))
                .doOnNext(this::show)
                .retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofSeconds(1))
                        .maxBackoff(Duration.ofMinutes(1))
                        .doBeforeRetry(failed -> log.debug("no pictures", failed.failure())));
    }

    /** Told once for each trouble, however often it is tried again. */
    private void tell(Throwable failure) {
        String words = String.valueOf(failure.getMessage());
        if (!trouble.equals(Optional.of(words))) {
            log.warn("the preview shows nothing new, and tries again: {}", words);
        }
        trouble = Optional.of(words);
    }

    @Override
    public Mono<Void> ended() {
        return Mono.never();
    }

    @Override
    public Optional<String> obstacle() {
        return trouble.map(words -> "preview: " + words);
    }

    /** Leaves the last pictures on the screen for a moment. */
    @Override
    public void end(Ending ending) {
        Mono.delay(LAST_PICTURES).block();
    }

    private void show(TopicReader.Found found) {
        try {
            switch (found.kind()) {
                case FRAMES -> show(FrameCodec.decode(found.value()));
                case PICTURES -> show(PictureCodec.decode(found.value()), found);
                case FORECASTS -> show(ForecastCodec.decode(found.value()));
                case SCORES -> views.accept(ScoreCodec.score(found.value()));
                case SURPRISE -> show(SurpriseCodec.frame(found.value()));
                case STRETCHES -> show(SurpriseCodec.stretch(found.value()));
                case CAMERAS -> showCamera(found);
                default -> log.debug("nothing to show of {}", found.kind());
            }
        } catch (MalformedRecordException e) {
            log.debug("a record of {} is left out: {}", found.kind(), e.getMessage());
        }
    }

    private void showCamera(TopicReader.Found found) throws MalformedRecordException {
        if (found.isRemoval()) {
            views.remove(found.key());
            past.remove(found.key());
        } else {
            views.accept(CameraStatusCodec.decode(found.value()));
        }
    }

    private void show(Frame frame) {
        views.accept(frame);
        past.accept(frame);
    }

    private void show(CameraPicture picture, TopicReader.Found found) {
        views.accept(picture);
        past.accept(picture, found);
    }

    private void show(Forecast forecast) {
        views.accept(forecast);
        past.accept(forecast);
    }

    private void show(FrameSurprise surprise) {
        views.accept(surprise);
        past.accept(surprise);
    }

    private void show(SurprisingStretch stretch) {
        views.accept(stretch);
        past.accept(stretch);
    }

    @Override
    public void close() {
        reading.dispose();
        readingPictures.dispose();
    }
}
