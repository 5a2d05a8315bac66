package io.framecast.node;

import io.framecast.preview.CameraViews;
import io.framecast.topic.CameraStatusCodec;
import io.framecast.topic.ForecastCodec;
import io.framecast.topic.FrameCodec;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.MalformedRecordException;
import io.framecast.topic.ScoreCodec;
import io.framecast.topic.SurpriseCodec;
import io.framecast.topic.TopicKind;
import io.framecast.topic.TopicReader;
import io.framecast.topic.TopicReader.Start;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.util.retry.Retry;

/** The preview role: what the topics say now, into what a person looks at. */
final class PreviewRole implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PreviewRole.class);
    private static final Map<TopicKind, Start> TOPICS = Map.of(
            TopicKind.FRAMES, Start.END,
            TopicKind.FORECASTS, Start.END,
            TopicKind.SCORES, Start.RECENT,
            TopicKind.SURPRISE, Start.RECENT,
            TopicKind.STRETCHES, Start.RECENT,
            TopicKind.CAMERAS, Start.BEGINNING);

    private final CameraViews views;
    private final Disposable reading;

    PreviewRole(KafkaConnection connection, CameraViews views) {
        this.views = views;
        reading = new TopicReader(connection)
                .read(TOPICS)
                .doOnNext(this::show)
                .retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofSeconds(1)).maxBackoff(Duration.ofSeconds(5)))
                .subscribe();
    }

    private void show(TopicReader.Found found) {
        try {
            switch (found.kind()) {
                case FRAMES -> views.accept(FrameCodec.decode(found.value()));
                case FORECASTS -> views.accept(ForecastCodec.decode(found.value()));
                case SCORES -> views.accept(ScoreCodec.score(found.value()));
                case SURPRISE -> views.accept(SurpriseCodec.frame(found.value()));
                case STRETCHES -> views.accept(SurpriseCodec.stretch(found.value()));
                case CAMERAS -> views.accept(CameraStatusCodec.decode(found.value()));
                default -> log.debug("nothing to show of {}", found.kind());
            }
        } catch (MalformedRecordException e) {
            log.debug("a record of {} is left out: {}", found.kind(), e.getMessage());
        }
    }

    @Override
    public void close() {
        reading.dispose();
    }
}
