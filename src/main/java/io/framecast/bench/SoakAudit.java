package io.framecast.bench;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.FrameSurprise;
import io.framecast.frame.CameraId;
import io.framecast.frame.Frame;
import io.framecast.topic.ForecastCodec;
import io.framecast.topic.FrameCodec;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.MalformedRecordException;
import io.framecast.topic.ScoreCodec;
import io.framecast.topic.SurpriseCodec;
import io.framecast.topic.TopicKind;
import io.framecast.topic.TopicReader;
import io.framecast.topic.TopicReader.Start;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import reactor.core.Disposable;

/**
 * Reads all records from the first to the last while a soak runs, and knows which forecasts and scores are due: it
 * counts for itself, with none of the code that decides so in a predictor.
 */
final class SoakAudit implements AutoCloseable {
    private static final Stretch NOTHING = new Stretch(-1, 0, -1);

    private final int context;
    private final int every;
    private final Map<CameraId, Stretch> stretches = new HashMap<>();
    private final Map<String, Long> lastFrames = new HashMap<>();
    private final Map<CameraId, FrameSurprise> judged = new HashMap<>();
    private final Set<String> due = new HashSet<>();
    private final Set<String> found = new HashSet<>();
    private final Set<String> scored = new HashSet<>();
    private final Disposable reading;
    private long frames;
    private long gaps;
    private long duplicates;
    private long poison;
    private long deadLetters;

    SoakAudit(KafkaConnection kafka, int context, int every, String model) {
        this.context = context;
        this.every = every;
        reading = new TopicReader(kafka)
                .read(Map.of(
                        TopicKind.FRAMES, Start.BEGINNING,
                        TopicKind.FORECASTS, Start.BEGINNING,
                        TopicKind.SCORES, Start.BEGINNING,
                        TopicKind.SURPRISE, Start.BEGINNING,
                        TopicKind.DEAD_LETTER, Start.BEGINNING))
                .subscribe(record -> take(record, model));
    }

    /** What was read of a camera's stretch: how many frames, and the last one's number. */
    private record Stretch(long epoch, long count, long last) {}

    /**
     * What was found so far.
     *
     * @param frames frames in their topic
     * @param gaps numbers that are missing between them
     * @param due forecasts that must be there
     * @param found different forecasts that are there
     * @param missing those due and not there
     * @param unexpected those there and not due
     * @param duplicates forecasts, scores and judged frames that are there again
     * @param scored forecasts that have a score
     * @param unscored those without one whose last frame has come
     * @param poison records among the frames that are none
     * @param deadLetters those that were put aside
     */
    record Findings(
            long frames,
            long gaps,
            long due,
            long found,
            long missing,
            long unexpected,
            long duplicates,
            long scored,
            long unscored,
            long poison,
            long deadLetters) {
        /** Whether nothing is missing, nothing is there that should not be, and nothing is there twice. */
        boolean isWhole() {
            return isComplete() && unexpected == 0 && duplicates == 0 && poison == deadLetters;
        }

        /** Whether nothing is still to come. */
        boolean isComplete() {
            return missing == 0 && unscored == 0 && poison <= deadLetters;
        }
    }

    private synchronized void take(TopicReader.Found record, String model) {
        try {
            switch (record.kind()) {
                case FRAMES -> takeFrame(record.value(), model);
                case FORECASTS ->
                    duplicates += found.add(ForecastCodec.decode(record.value()).id()) ? 0 : 1;
                case SCORES ->
                    duplicates += scored.add(ScoreCodec.score(record.value()).forecastId()) ? 0 : 1;
                case SURPRISE -> takeSurprise(SurpriseCodec.frame(record.value()));
                case DEAD_LETTER -> deadLetters++;
                case CAMERAS, MODELS, PICTURES, STRETCHES -> {} // not read
            }
        } catch (MalformedRecordException e) {
            throw new IllegalStateException("the soak wrote a record that cannot be read: " + e.getMessage(), e);
        }
    }

    /** Frames are judged in order, so one that is not newer than the last was judged before. */
    private void takeSurprise(FrameSurprise frame) {
        FrameSurprise before = judged.put(frame.camera(), frame);
        boolean isNewer = before == null || frame.frame().isAfter(before.frame());
        duplicates += isNewer ? 0 : 1;
    }

    private void takeFrame(byte[] value, String model) {
        Frame frame;
        try {
            frame = FrameCodec.decode(value);
        } catch (MalformedRecordException e) {
            poison++;
            return;
        }
        take(frame, model);
    }

    private void take(Frame frame, String model) {
        frames++;
        Stretch before = stretches.getOrDefault(frame.camera(), NOTHING);
        boolean fresh = before.epoch() != frame.epoch();
        long count = fresh ? 1 : before.count() + 1;
        long last = fresh ? -1 : before.last();
        gaps += frame.sequence() - last - 1;
        stretches.put(frame.camera(), new Stretch(frame.epoch(), count, frame.sequence()));
        lastFrames.put(frame.camera() + "/" + frame.epoch(), frame.sequence());
        boolean newPeriod = fresh || period(frame.sequence()) > period(last);
        if (count >= context && newPeriod) {
            due.add(frame.camera() + "/" + frame.epoch() + "/" + frame.sequence() + "/" + model);
        }
    }

    private long period(long sequence) {
        return Math.floorDiv(sequence - (context - 1), (long) every);
    }

    synchronized Findings findings() {
        return new Findings(
                frames,
                gaps,
                due.size(),
                found.size(),
                due.stream().filter(id -> !found.contains(id)).count(),
                found.stream().filter(id -> !due.contains(id)).count(),
                duplicates,
                scored.size(),
                found.stream().filter(id -> !scored.contains(id) && hasCome(id)).count(),
                poison,
                deadLetters);
    }

    /** Whether the last frame that a forecast, {@code camera/epoch/sequence/model}, speaks of has come. */
    private boolean hasCome(String forecast) {
        String[] name = forecast.split("/", 4);
        return lastFrames.getOrDefault(name[0] + "/" + name[1], -1L) >= Long.parseLong(name[2]) + Forecast.HORIZON;
    }

    @Override
    public void close() {
        reading.dispose();
    }
}
