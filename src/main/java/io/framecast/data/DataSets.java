package io.framecast.data;

import io.framecast.frame.FrameShape;
import io.framecast.source.Pace;
import io.framecast.source.SourceConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds the recordings that DATA on the command line means: video files, {@code .npy} arrays, folders of them, folders
 * of pictures (one recording each), and {@code synthetic:NAME}.
 */
public final class DataSets {
    private static final Set<String> PICTURES =
            Set.of("png", "jpg", "jpeg", "bmp", "ppm", "pgm", "tif", "tiff", "webp");

    private final SourceConfig reading;
    private final Optional<Path> digits;
    private final SyntheticSet.Part part;
    private final Set<String> names = new HashSet<>();

    /**
     * Prepares to find.
     *
     * @param reading how recordings are read; the pace is always the highest
     * @param digits the idx file that {@code synthetic:moving-digits} draws from
     * @param part which digits those are, unless they say so themselves
     */
    public DataSets(SourceConfig reading, Optional<Path> digits, SyntheticSet.Part part) {
        this.reading = reading.withPace(Pace.MAX).withLoop(false);
        this.digits = digits;
        this.part = part;
    }

    /**
     * All recordings, each with a name of its own.
     *
     * @throws IllegalArgumentException if something is not there, or malformed
     */
    public List<Recording> find(List<String> data) {
        var found = new ArrayList<Recording>();
        for (String place : data) {
            if (place.startsWith(SyntheticSet.PREFIX)) {
                found.add(SyntheticSet.parse(place, FrameShape.STANDARD, digits, part));
            } else if (Files.exists(Path.of(place))) {
                found.addAll(below(Path.of(place)));
            } else {
                throw new IllegalArgumentException("data '" + place + "' is not there; give video files, .npy arrays,"
                        + " folders of them, folders of pictures, or synthetic:NAME");
            }
        }
        return found;
    }

    private List<Recording> below(Path place) {
        var recordings = new ArrayList<Recording>();
        Map<Path, List<Path>> pictures = new LinkedHashMap<>();
        for (Path file : files(place)) {
            String extension = extension(file);
            if (extension.equals("npy")) {
                recordings.add(new NpyRecording(name(file), file, reading));
            } else if (PICTURES.contains(extension) && file.getParent() != null && !file.equals(place)) {
                pictures.computeIfAbsent(file.getParent(), folder -> new ArrayList<>())
                        .add(file);
            } else {
                recordings.add(new VideoRecording(name(file), file, reading));
            }
        }
        pictures.forEach((folder, files) -> recordings.add(new PictureFolder(name(folder), files, reading)));
        return recordings;
    }

    private static List<Path> files(Path place) {
        if (!Files.isDirectory(place)) {
            return List.of(place);
        }
        try (Stream<Path> files = Files.walk(place)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + place, e);
        }
    }

    private static String extension(Path file) {
        String name = file.getFileName().toString();
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    /** The last part of the path, or all of it if another has that name. */
    private String name(Path path) {
        Path last = path.toAbsolutePath().normalize().getFileName();
        return last != null && names.add(last.toString()) ? last.toString() : path.toString();
    }
}
