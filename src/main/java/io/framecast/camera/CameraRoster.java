package io.framecast.camera;

import com.fasterxml.jackson.databind.JsonNode;
import io.framecast.frame.CameraId;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The cameras that are wanted now: those of the command line, which stay as they are, and those of a file, which may
 * change. What is wrong in the file leaves its cameras as they were. Safe for any number of threads.
 */
public final class CameraRoster {
    /** Cameras of a file; more would not fit into one process. */
    static final int MOST_CAMERAS = 1000;

    private static final String AS_THEY_WERE = "; its cameras stay as they were";

    private final Map<CameraId, CameraPlan> fixed = new TreeMap<>();
    private final SourceConfig usual;
    private final Optional<CamerasFile> file;
    private final Consumer<String> models;
    private final Map<CameraId, Known> known = new TreeMap<>();
    private final Map<String, JsonNode> broken = new TreeMap<>();
    private Optional<String> text = Optional.empty();
    private Optional<String> seen = Optional.empty();
    private List<String> problems = List.of();
    private List<String> told = List.of();

    /**
     * Who is wanted.
     *
     * @param plans what is to be read
     * @param paused who is left alone for now
     */
    public record Wanted(Map<CameraId, CameraPlan> plans, Set<CameraId> paused) {
        /** Copies both. */
        public Wanted {
            plans = Map.copyOf(plans);
            paused = Set.copyOf(paused);
        }
    }

    /** A camera of the file; its secrets were read when it was. */
    private record Known(CameraEntry entry, CameraPlan plan) {}

    /**
     * Those of the command line; the file is read by {@link #refresh}.
     *
     * @param fixed cameras that stay as they are
     * @param usual how cameras of the file are read that have no settings of their own
     */
    public CameraRoster(Collection<CameraPlan> fixed, SourceConfig usual, Optional<CamerasFile> file) {
        this(fixed, usual, file, model -> {});
    }

    /**
     * The same where it is known which models there are.
     *
     * @param models refuses the name of a model that cannot run, by an {@link IllegalArgumentException} with the reason
     */
    public CameraRoster(
            Collection<CameraPlan> fixed, SourceConfig usual, Optional<CamerasFile> file, Consumer<String> models) {
        this.models = models;
        fixed.forEach(plan -> this.fixed.put(plan.camera(), plan));
        this.usual = usual;
        this.file = file;
    }

    /** Whether cameras may come and go. */
    public boolean canChange() {
        return file.isPresent();
    }

    /**
     * Reads the file again if it has changed.
     *
     * @return what is wrong with it, a line each, if that was not returned before
     */
    public synchronized List<String> refresh() {
        List<String> wrong = file.map(this::read).orElse(List.of());
        if (wrong.equals(told)) {
            return List.of();
        }
        told = wrong;
        return wrong;
    }

    private List<String> read(CamerasFile from) {
        try {
            if (!from.exists() && text.isEmpty()) {
                return List.of();
            }
            String now = from.text();
            if (text.isPresent() && !Optional.of(now).equals(seen)) {
                seen = Optional.of(now); // perhaps half written: it counts when it is the same at the next look
                return told;
            }
            seen = Optional.of(now);
            if (!seen.equals(text)) {
                CamerasFile.Content content = from.parse(now);
                text = Optional.of(now);
                problems = take(content);
            }
            return problems;
        } catch (IllegalArgumentException e) {
            return List.of(e.getMessage() + AS_THEY_WERE);
        }
    }

    private List<String> take(CamerasFile.Content content) {
        var wrong = new TreeMap<>(content.problems());
        var found = new TreeMap<CameraId, Known>();
        new TreeMap<>(content.cameras()).forEach((camera, entry) -> {
            try {
                if (fixed.containsKey(camera)) {
                    throw new IllegalArgumentException("the command line gives that camera already: leave it out");
                }
                if (found.size() == MOST_CAMERAS) {
                    throw new IllegalArgumentException(
                            "there are " + MOST_CAMERAS + " others already: read it in another process");
                }
                found.put(camera, known(entry));
            } catch (IllegalArgumentException | SourceException e) {
                wrong.put(camera.value(), String.valueOf(e.getMessage()));
            }
        });
        known.keySet().removeIf(camera -> !wrong.containsKey(camera.value()));
        known.putAll(found);
        broken.clear();
        broken.putAll(content.asWritten());
        broken.keySet().retainAll(wrong.keySet());
        return wrong.entrySet().stream()
                .map(problem -> file.orElseThrow() + ", "
                        + (problem.getKey().contains("://")
                                ? "a camera without an id"
                                : "camera '" + problem.getKey() + "'")
                        + ": "
                        + (problem.getKey().contains("://") ? "write 'door: rtsp://HOST/PATH'" : problem.getValue()))
                .toList();
    }

    private Known known(CameraEntry entry) {
        CameraPlan plan = entry.plan(usual);
        if (!plan.model().isEmpty()) {
            models.accept(plan.model());
        }
        return new Known(entry, plan);
    }

    /** Who is wanted now. */
    public synchronized Wanted wanted() {
        var plans = new TreeMap<>(fixed);
        var paused = new TreeSet<CameraId>();
        known.forEach((camera, one) -> {
            if (one.entry().paused()) {
                paused.add(camera);
            } else {
                plans.put(camera, one.plan());
            }
        });
        return new Wanted(plans, paused);
    }

    /** The cameras of the command line, in the order of their ids. */
    public List<CameraPlan> fixed() {
        return List.copyOf(fixed.values());
    }

    /** The cameras of the file, in the order of their ids. */
    public synchronized List<CameraEntry> entries() {
        return known.values().stream().map(Known::entry).toList();
    }

    /** A camera of the file. */
    public synchronized Optional<CameraEntry> entry(CameraId camera) {
        return Optional.ofNullable(known.get(camera)).map(Known::entry);
    }

    /** Whether there is such a camera. */
    public synchronized boolean has(CameraId camera) {
        return fixed.containsKey(camera) || known.containsKey(camera) || broken.containsKey(camera.value());
    }

    /**
     * Adds a camera, or changes it, in the file as well.
     *
     * @throws IllegalStateException if the command line gives that camera, there is no file, it has errors, or it holds
     *     the most cameras already
     * @throws IllegalArgumentException if its source is malformed, or its model cannot run
     * @throws SourceException if a secret that its source refers to is not there
     * @throws UncheckedIOException if the file cannot be written
     */
    public synchronized void put(CameraEntry entry) {
        var next = changeable(entry.camera());
        next.put(entry.camera(), known(entry));
        if (next.size() > MOST_CAMERAS) {
            throw new IllegalStateException(
                    "there are " + MOST_CAMERAS + " cameras already: read others in another process");
        }
        broken.remove(entry.camera().value());
        save(next);
    }

    /**
     * Removes a camera, from the file as well.
     *
     * @throws IllegalStateException if the command line gives that camera, there is no file, or it has errors
     * @throws UncheckedIOException if the file cannot be written
     */
    public synchronized void remove(CameraId camera) {
        var next = changeable(camera);
        next.remove(camera);
        broken.remove(camera.value());
        save(next);
    }

    private Map<CameraId, Known> changeable(CameraId camera) {
        if (file.isEmpty()) {
            throw new IllegalStateException("there is no file of cameras: start with --cameras-file FILE");
        }
        if (fixed.containsKey(camera)) {
            throw new IllegalStateException("camera '" + camera
                    + "' is on the command line, which cannot change: move it into the cameras file");
        }
        if (file.get().exists()) { // somebody may have edited it just now
            List<String> wrong = read(file.get());
            if (!seen.equals(text)) {
                boolean isBroken = wrong.stream().anyMatch(line -> line.endsWith(AS_THEY_WERE));
                throw new IllegalStateException(
                        isBroken
                                ? "nothing is changed before this is mended: " + wrong.get(0)
                                : "the cameras file has just been edited: try again in some seconds");
            }
        }
        return new TreeMap<>(known);
    }

    private void save(Map<CameraId, Known> next) {
        CamerasFile to = file.orElseThrow();
        String written = to.write(
                next.values().stream()
                        .map(Known::entry)
                        .filter(entry -> !broken.containsKey(entry.camera().value()))
                        .toList(),
                broken);
        known.clear();
        known.putAll(next);
        text = Optional.of(written);
        seen = text;
    }
}
