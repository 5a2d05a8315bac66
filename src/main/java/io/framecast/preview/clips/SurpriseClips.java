package io.framecast.preview.clips;

import io.framecast.export.ClipEncoder;
import io.framecast.forecast.SurprisingStretch;
import io.framecast.preview.history.CameraHistories;
import io.framecast.preview.history.Moment;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a clip of each surprising stretch: from {@link #BEFORE} before it to its end, or {@link #LONGEST} from its
 * begin. Clips are made one after the other on a thread of their own.
 */
public final class SurpriseClips implements AutoCloseable {
    /** How much of the time before a stretch its clip shows. */
    public static final Duration BEFORE = Duration.ofSeconds(5);

    /** How much of a stretch its clip shows. */
    public static final Duration LONGEST = Duration.ofSeconds(30);

    private static final Logger log = LoggerFactory.getLogger(SurpriseClips.class);
    private static final Duration AFTER = Duration.ofSeconds(1);
    private static final int MOST_WAITING = 64;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        var made = new Thread(task, "surprise-clips");
        made.setDaemon(true);
        return made;
    });
    private final Map<String, Future<?>> waiting = new HashMap<>();
    private final CameraHistories histories;
    private final ClipFolder folder;
    private final ClipEncoder encoder;
    private final Consumer<Result> results;
    private final Duration longest;
    private boolean troubled;

    /** What became of a clip. */
    public enum Result {
        KEPT,
        /** It could not be made or written. */
        FAILED,
        /** Too many others waited. */
        SKIPPED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param results takes what becomes of each clip */
    public SurpriseClips(CameraHistories histories, ClipFolder folder, ClipEncoder encoder, Consumer<Result> results) {
        this(histories, folder, encoder, results, LONGEST);
    }

    SurpriseClips(
            CameraHistories histories,
            ClipFolder folder,
            ClipEncoder encoder,
            Consumer<Result> results,
            Duration longest) {
        this.histories = histories;
        this.folder = folder;
        this.encoder = encoder;
        this.results = results;
        this.longest = longest;
    }

    /** Takes a stretch that began, which is kept when it has lasted long enough, or one that ended. */
    public synchronized void accept(SurprisingStretch stretch) {
        Future<?> begun = waiting.remove(stretch.id());
        if (begun != null) {
            begun.cancel(false);
        }
        if (waiting.size() >= MOST_WAITING) {
            results.accept(Result.SKIPPED);
            return;
        }
        Duration wait = stretch.ended() ? Duration.ZERO : longest.plus(AFTER);
        waiting.put(stretch.id(), thread.schedule(() -> keep(stretch), wait.toMillis(), TimeUnit.MILLISECONDS));
    }

    private void keep(SurprisingStretch stretch) {
        synchronized (this) {
            waiting.remove(stretch.id());
        }
        try {
            List<Moment> moments = moments(stretch);
            Instant begin = stretch.begin().truncatedTo(ChronoUnit.MILLIS);
            boolean isSeen = moments.stream().anyMatch(moment -> !moment.time().isBefore(begin));
            if (isSeen && folder.find(stretch.camera(), begin).isEmpty()) {
                folder.add(describe(stretch, begin, moments), encoder.mp4(MomentClip.of(moments)));
                results.accept(Result.KEPT);
                troubled = false;
            }
        } catch (IOException | RuntimeException failure) { // the next clip may do
            results.accept(Result.FAILED);
            tell(failure);
        }
    }

    private List<Moment> moments(SurprisingStretch stretch) {
        Instant limit = stretch.begin().plus(longest);
        Instant end = stretch.ended() && stretch.end().isBefore(limit) ? stretch.end() : limit;
        return histories
                .of(stretch.camera())
                .map(history -> history.between(stretch.begin().minus(BEFORE), end.plus(AFTER)))
                .orElse(List.of());
    }

    private static KeptClip describe(SurprisingStretch stretch, Instant begin, List<Moment> moments) {
        double peak = moments.stream()
                .mapToDouble(Moment::surprise)
                .filter(surprise -> !Double.isNaN(surprise))
                .reduce(stretch.peak(), Math::max);
        Duration length = Duration.between(
                moments.get(0).time(), moments.get(moments.size() - 1).time());
        return new KeptClip(stretch.camera(), begin, length, peak);
    }

    /** Told once for each trouble, however many clips it costs. */
    private void tell(Exception failure) {
        if (!troubled) {
            log.warn("a clip of a surprising stretch is not kept: {}; check --data-dir", String.valueOf(failure));
        }
        troubled = true;
    }

    /** Gives up what waits. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
