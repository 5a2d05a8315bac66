package io.framecast.predict;

import io.framecast.forecast.Forecaster;
import io.framecast.forecast.ModelVersion;
import io.framecast.frame.CameraId;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The models of cameras that have one of their own, by name. A model is loaded once for all its cameras, when a frame
 * of one of them first needs it, on another thread. Until then, and where it cannot run, those cameras have the model
 * of all others. A model that no frame has needed for {@link #KEPT} is closed.
 *
 * <p>Cameras get their names on any thread; everything else is for the predictor's.
 */
public final class CameraModels implements AutoCloseable {
    /** How many are loaded at most, because each takes memory of its own. */
    public static final int MOST_MODELS = 8;

    /** How long a model is kept that nothing needs. */
    public static final Duration KEPT = Duration.ofMinutes(5);

    /** How long after a failure a model is tried again, if something still needs it. */
    static final Duration RETRY = Duration.ofMinutes(1);

    /** Bounds memory against a producer that makes up cameras. */
    private static final int MOST_CAMERAS = 10_000;

    private final Shelf shelf;
    private final Executor loader;
    private final Ticker ticker;
    private final Map<CameraId, String> named = new ConcurrentHashMap<>();
    private final Map<CameraId, String> names = new HashMap<>();
    private final Map<String, Boolean> usual = new HashMap<>();
    private final Map<String, Slot> slots = new HashMap<>();
    private final Queue<Runnable> outcomes = new ConcurrentLinkedQueue<>();
    private boolean closed;

    /** Where models come from, and who is told of them. */
    public interface Shelf {
        /**
         * Loads a model; may take long.
         *
         * @throws RuntimeException if it cannot run here, with the reason
         */
        Forecaster load(String name);

        /** Whether that is the model of all others, which is loaded already. */
        boolean isUsual(String name);

        /** A model forecasts for its cameras from now on. */
        default void loaded(String name, ModelVersion model) {}

        /**
         * A model cannot run; told once for each reason.
         *
         * @param camera one that is to have it
         */
        default void refused(String name, CameraId camera, String why) {}

        /** A model is not needed any more, or does not fail any more because nothing needs it. */
        default void released(String name) {}
    }

    /**
     * Starts without a camera that has a model of its own.
     *
     * @param loader runs what may take long
     */
    public CameraModels(Shelf shelf, Executor loader, Ticker ticker) {
        this.shelf = shelf;
        this.loader = loader;
        this.ticker = ticker;
    }

    /** No camera has a model of its own. */
    static CameraModels none() {
        return new CameraModels(
                new Shelf() {
                    @Override
                    public Forecaster load(String name) {
                        throw new IllegalArgumentException("model '" + name + "' is unknown");
                    }

                    @Override
                    public boolean isUsual(String name) {
                        return true;
                    }
                },
                Runnable::run,
                Ticker.system());
    }

    /** A model that is needed. */
    private static final class Slot {
        private final String name;
        private @Nullable Forecaster forecaster;
        private boolean isLoading;
        private String trouble = "";
        private long failed;
        private long needed;

        private Slot(String name) {
            this.name = name;
        }
    }

    /**
     * Says which model a camera is to have, from the next {@link #refresh} on. May be called on any thread.
     *
     * @param name of the model; empty for the usual one
     */
    public void name(CameraId camera, String name) {
        if (named.size() < MOST_CAMERAS) {
            named.put(camera, name);
        }
    }

    /**
     * The model that a camera has of its own; empty if it has none, or that does not run yet, or cannot. The same until
     * the next {@link #refresh}, unless it {@link #broke}.
     *
     * @param shape of the camera's frames
     */
    Optional<Forecaster> of(CameraId camera, FrameShape shape) {
        String name = names.get(camera);
        if (name == null || usual.computeIfAbsent(name, shelf::isUsual)) {
            return Optional.empty();
        }
        Slot slot = slots.computeIfAbsent(name, Slot::new);
        slot.needed = ticker.nanos();
        if (slot.forecaster == null) {
            load(slot, camera);
            return Optional.empty();
        }
        FrameShape taken = slot.forecaster.takes().orElse(shape);
        if (!taken.equals(shape)) {
            tell(slot, camera, "it takes frames of " + taken + ", and those of the camera are " + shape);
            return Optional.empty();
        }
        return Optional.of(slot.forecaster);
    }

    private void load(Slot slot, CameraId camera) {
        boolean isTooSoon = !slot.trouble.isEmpty() && ticker.since(slot.failed).compareTo(RETRY) < 0;
        if (slot.isLoading || isTooSoon) {
            return;
        }
        long others = slots.values().stream()
                .filter(other -> other.isLoading || other.forecaster != null)
                .count();
        if (others >= MOST_MODELS) {
            fail(slot, camera, MOST_MODELS + " others of cameras are loaded already");
            return;
        }
        slot.isLoading = true;
        try {
            loader.execute(() -> loadNow(slot, camera));
        } catch (RejectedExecutionException ending) {
            slot.isLoading = false;
        }
    }

    private void loadNow(Slot slot, CameraId camera) {
        try {
            Forecaster forecaster = shelf.load(slot.name);
            synchronized (this) {
                if (closed) {
                    forecaster.close();
                } else {
                    outcomes.add(() -> take(slot, forecaster));
                }
            }
        } catch (RuntimeException | Error broken) { // a model of somebody else's making; what runs goes on
            outcomes.add(() -> fail(slot, camera, String.valueOf(broken.getMessage())));
        }
    }

    private void take(Slot slot, Forecaster forecaster) {
        slot.isLoading = false;
        slot.trouble = "";
        slot.forecaster = forecaster;
        slot.needed = ticker.nanos();
        shelf.loaded(slot.name, forecaster.model());
    }

    private void fail(Slot slot, CameraId camera, String why) {
        slot.isLoading = false;
        slot.failed = ticker.nanos();
        tell(slot, camera, why);
    }

    private void tell(Slot slot, CameraId camera, String why) {
        if (!slot.trouble.equals(why)) {
            slot.trouble = why;
            shelf.refused(slot.name, camera, why);
        }
    }

    /**
     * Gives up a model that failed to forecast; it is loaded anew later.
     *
     * @param camera whose window it had
     */
    void broke(Forecaster forecaster, CameraId camera, String why) {
        slots.values().stream()
                .filter(slot -> slot.forecaster == forecaster)
                .findFirst()
                .ifPresent(slot -> {
                    slot.forecaster = null;
                    forecaster.close();
                    fail(slot, camera, why);
                });
    }

    /**
     * Takes over names, and models that have been loaded, and closes those that nothing needs; between two forecasts.
     */
    void refresh() {
        usual.clear();
        named.forEach((camera, name) -> {
            if (named.remove(camera, name)) {
                rename(camera, name);
            }
        });
        for (Runnable outcome = outcomes.poll(); outcome != null; outcome = outcomes.poll()) {
            outcome.run();
        }
        for (Iterator<Slot> all = slots.values().iterator(); all.hasNext(); ) {
            Slot slot = all.next();
            if (!slot.isLoading && ticker.since(slot.needed).compareTo(KEPT) > 0) {
                if (slot.forecaster != null) {
                    slot.forecaster.close();
                }
                all.remove();
                shelf.released(slot.name);
            }
        }
    }

    private void rename(CameraId camera, String name) {
        if (name.isEmpty()) {
            names.remove(camera);
        } else if (names.size() < MOST_CAMERAS || names.containsKey(camera)) {
            names.put(camera, name);
        }
    }

    /** Closes all models; when no thread uses them any more. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        refresh();
        slots.values().forEach(slot -> {
            if (slot.forecaster != null) {
                slot.forecaster.close();
            }
        });
    }
}
