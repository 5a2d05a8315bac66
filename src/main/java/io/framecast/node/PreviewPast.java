package io.framecast.node;

import io.framecast.export.Mp4Clips;
import io.framecast.forecast.Forecast;
import io.framecast.forecast.FrameSurprise;
import io.framecast.forecast.SurprisingStretch;
import io.framecast.frame.CameraPicture;
import io.framecast.frame.Frame;
import io.framecast.preview.clips.ClipFolder;
import io.framecast.preview.clips.SurpriseClips;
import io.framecast.preview.clips.SurpriseClips.Result;
import io.framecast.preview.history.CameraHistories;
import io.framecast.preview.http.Past;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.TopicReader;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the preview role keeps of what has passed: the last minutes of each camera, and clips of surprises. */
final class PreviewPast implements AutoCloseable {
    private final CameraHistories histories;
    private final PastPictures pictures = new PastPictures();
    private final Optional<ClipFolder> folder;
    private final Optional<SurpriseClips> clips;

    private PreviewPast(Instant since, Optional<ClipFolder> folder, MeterRegistry metrics) {
        histories = new CameraHistories(since);
        this.folder = folder;
        clips = folder.map(kept -> clips(kept, metrics));
    }

    /**
     * The past that a node keeps.
     *
     * @param since when it begins
     */
    static PreviewPast of(NodeConfig config, MeterRegistry metrics, Instant since) {
        Optional<ClipFolder> folder = config.preview()
                .filter(preview -> preview.web() && preview.clips() > 0)
                .map(preview -> new ClipFolder(config.broker().dataDirectory().resolve("clips"), preview.clips()));
        return new PreviewPast(since, folder, metrics);
    }

    private SurpriseClips clips(ClipFolder kept, MeterRegistry metrics) {
        Map<Result, Counter> results = Stream.of(Result.values())
                .collect(Collectors.toMap(
                        result -> result,
                        result -> Counter.builder("framecast.clips")
                                .tag("result", result.word())
                                .register(metrics)));
        return new SurpriseClips(
                histories,
                kept,
                new Mp4Clips(),
                result -> Objects.requireNonNull(results.get(result)).increment());
    }

    /** What the page shows of it. */
    Past shown() {
        return new Past(histories, pictures, folder);
    }

    /** Reads old pictures on a cluster from now on. */
    void connect(KafkaConnection connection) {
        pictures.connect(connection);
    }

    void accept(Frame frame) {
        histories.accept(frame);
    }

    void accept(Forecast forecast) {
        histories.accept(forecast);
    }

    void accept(FrameSurprise surprise) {
        histories.accept(surprise);
    }

    void accept(SurprisingStretch stretch) {
        clips.ifPresent(keeper -> keeper.accept(stretch));
    }

    /** @param found where the picture is */
    void accept(CameraPicture picture, TopicReader.Found found) {
        pictures.add(picture, found);
    }

    /** Forgets a camera but for its clips. */
    void remove(String camera) {
        histories.remove(camera);
        pictures.remove(camera);
    }

    @Override
    public void close() {
        clips.ifPresent(SurpriseClips::close);
        pictures.close();
    }
}
