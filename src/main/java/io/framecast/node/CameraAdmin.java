package io.framecast.node;

import io.framecast.camera.AddressRules;
import io.framecast.camera.CameraEntry;
import io.framecast.camera.CameraPlan;
import io.framecast.camera.CameraRoster;
import io.framecast.camera.CameraSettings;
import io.framecast.frame.CameraId;
import io.framecast.frame.CameraPicture;
import io.framecast.frame.CameraStatus;
import io.framecast.preview.http.CameraControl;
import io.framecast.source.FrameSource;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceException;
import io.framecast.source.SourceLocation;
import io.framecast.source.SourceSpec;
import io.framecast.source.reader.FrameSources;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/**
 * Changes cameras for HTTP clients: checks what they want, keeps passwords to itself, and says a line for each change.
 */
final class CameraAdmin implements CameraControl {
    private static final int BAD = 400;
    private static final int MISSING = 404;
    private static final int CONFLICT = 409;
    private static final int UNUSABLE = 422;
    private static final int BUSY = 429;
    private static final int BROKEN = 500;

    /** Sources that are tried at the same time. */
    private static final int TRIALS = 2;

    private static final Duration LONGEST_TRIAL = Duration.ofSeconds(15);

    private final CameraRoster roster;
    private final SourceConfig usual;
    private final AddressRules rules;
    private final Consumer<String> out;
    private final Semaphore trials = new Semaphore(TRIALS);

    /**
     * For the cameras of a process.
     *
     * @param usual how they are read if they have no settings of their own
     * @param localAllowed whether addresses of this machine may be named
     * @param out takes a line for each change
     */
    CameraAdmin(CameraRoster roster, SourceConfig usual, boolean localAllowed, Consumer<String> out) {
        this.roster = roster;
        this.usual = usual;
        rules = new AddressRules(localAllowed);
        this.out = out;
    }

    @Override
    public List<Camera> cameras() {
        return Stream.concat(
                        roster.fixed().stream().map(CameraAdmin::shown),
                        roster.entries().stream().map(CameraAdmin::shown))
                .sorted(Comparator.comparing(Camera::camera))
                .toList();
    }

    private static Camera shown(CameraPlan plan) {
        return new Camera(plan.camera(), plan.spec().location().masked(), Map.of(), false, false);
    }

    private static Camera shown(CameraEntry entry) {
        return new Camera(entry.camera(), masked(entry), entry.settings(), entry.paused(), true);
    }

    private static String masked(CameraEntry entry) {
        try {
            return entry.location().masked();
        } catch (IllegalArgumentException | SourceException e) { // a secret that is gone
            return "";
        }
    }

    @Override
    public Camera add(Optional<String> id, Wish wish, String client) {
        String source = wish.source().orElseThrow(() -> new RefusedException(BAD, "the camera has no source"));
        SourceLocation location = granted(UNUSABLE, () -> rules.check(source)); // which may wait for a name server
        return add(id, source, location, wish, client);
    }

    private synchronized Camera add(
            Optional<String> id, String source, SourceLocation location, Wish wish, String client) {
        CameraId camera = granted(BAD, () -> id.map(CameraId::new).orElseGet(() -> free(location)));
        if (roster.has(camera)) {
            throw new RefusedException(CONFLICT, "camera '" + camera + "' is there already: choose another id");
        }
        return save(camera, source, wish, false, client, "added");
    }

    /** An id from the source that no camera has. */
    private CameraId free(SourceLocation location) {
        Set<CameraId> taken = cameras().stream().map(Camera::camera).collect(Collectors.toSet());
        return SourceSpec.of(location).renamed(taken).camera();
    }

    @Override
    public Camera put(CameraId camera, Wish wish, String client) {
        var unused = source(roster.entry(camera), wish, true); // which may wait for a name server
        return change(camera, wish, client);
    }

    private synchronized Camera change(CameraId camera, Wish wish, String client) {
        Optional<CameraEntry> before = roster.entry(camera);
        if (before.isEmpty() && wish.source().isEmpty() && !roster.has(camera)) {
            throw new RefusedException(MISSING, "there is no camera '" + camera + "': give a source to add it");
        }
        String source = source(before, wish, false);
        boolean wasPaused = before.map(CameraEntry::paused).orElse(false);
        Wish whole = new Wish(
                Optional.of(source), wish.settings().or(() -> before.map(CameraEntry::settings)), wish.paused());
        return save(camera, source, whole, wasPaused, client, before.isPresent() ? "changed" : "added");
    }

    /** The password stays where the client sends the source as it was shown, or none. */
    private String source(Optional<CameraEntry> before, Wish wish, boolean isChecked) {
        Optional<String> kept = before.filter(
                        entry -> wish.source().isEmpty() || wish.source().get().equals(masked(entry)))
                .map(CameraEntry::source);
        return kept.orElseGet(() -> {
            String source = wish.source().orElse("");
            if (source.contains("***")) {
                throw new RefusedException(
                        UNUSABLE, "the address has changed: write its password again in place of ***");
            }
            if (isChecked && !source.isEmpty()) {
                var unused = granted(UNUSABLE, () -> rules.check(source));
            }
            return source;
        });
    }

    private Camera save(CameraId camera, String source, Wish wish, boolean wasPaused, String client, String what) {
        boolean paused = wish.paused().orElse(wasPaused);
        Map<String, String> settings = wish.settings().orElse(Map.of());
        CameraEntry entry = granted(UNUSABLE, () -> new CameraEntry(camera, source, settings, paused));
        changed(() -> roster.put(entry));
        String words = settings.isEmpty() ? "" : " " + new TreeMap<>(settings);
        out.accept("camera    " + camera + " is " + what + " over HTTP by " + by(client) + ": " + masked(entry) + words
                + (paused ? ", paused" : ""));
        return shown(entry);
    }

    @Override
    public synchronized void remove(CameraId camera, String client) {
        if (!roster.has(camera)) {
            throw new RefusedException(MISSING, "there is no camera '" + camera + "'");
        }
        changed(() -> roster.remove(camera));
        out.accept("camera    " + camera + " is taken out over HTTP by " + by(client));
    }

    /** Who, and when: these lines are kept to be read much later. */
    private static String by(String client) {
        return client + " at " + Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }

    private static void changed(Runnable change) {
        try {
            change.run();
        } catch (IllegalStateException e) {
            throw new RefusedException(CONFLICT, String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException | SourceException e) {
            throw new RefusedException(UNUSABLE, String.valueOf(e.getMessage()));
        } catch (UncheckedIOException e) {
            throw new RefusedException(BROKEN, String.valueOf(e.getMessage()));
        }
    }

    private static <T> T granted(int otherwise, Supplier<T> wish) {
        try {
            return wish.get();
        } catch (IllegalArgumentException | SourceException e) {
            throw new RefusedException(otherwise, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public byte[] picture(Optional<CameraId> camera, Wish wish, String client) {
        Optional<CameraEntry> before = camera.flatMap(roster::entry);
        String source = source(before, wish, true);
        SourceConfig reading = granted(
                UNUSABLE,
                () -> CameraSettings.apply(
                        usual,
                        wish.settings()
                                .or(() -> before.map(CameraEntry::settings))
                                .orElse(Map.of())));
        SourceLocation location = granted(UNUSABLE, () -> SourceLocation.parse(source));
        if (!trials.tryAcquire()) {
            throw new RefusedException(BUSY, "other cameras are being tried: try again in some seconds");
        }
        try {
            out.accept("camera    " + location.masked() + " is tried over HTTP by " + by(client));
            return picture(FrameSources.open(
                    SourceSpec.of(location), reading.toBuilder().pictures(true).build()));
        } finally {
            trials.release();
        }
    }

    private static byte[] picture(FrameSource source) {
        Mono<CameraPicture> failure = source.statuses()
                .map(CameraStatus::reason)
                .filter(reason -> !reason.isEmpty())
                .next()
                .flatMap(reason -> Mono.error(new RefusedException(UNUSABLE, reason)));
        Mono<CameraPicture> first = Mono.firstWithSignal(source.pictures().next(), failure)
                .timeout(
                        LONGEST_TRIAL,
                        Mono.error(() -> new RefusedException(
                                UNUSABLE,
                                "it gave no picture within " + LONGEST_TRIAL.toSeconds()
                                        + " s: check address and camera")))
                .cache();
        var watching = first.subscribe(picture -> {}, failed -> {});
        var reading = source.frames().subscribe(frame -> {}, failed -> {});
        try {
            return first.blockOptional()
                    .orElseThrow(() -> new RefusedException(UNUSABLE, "it ended without a picture"))
                    .jpeg()
                    .toByteArray();
        } finally {
            watching.dispose();
            reading.dispose();
        }
    }
}
