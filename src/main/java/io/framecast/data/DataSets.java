package io.framecast.data;

import io.framecast.frame.FrameShape;
import io.framecast.source.Pace;
import io.framecast.source.PrintableName;
import io.framecast.source.SourceConfig;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Finds the recordings that DATA on the command line means: video files, {@code .npy} arrays, folders of them, folders
 * of pictures (one recording each), and {@code synthetic:NAME}. What else lies in a folder is passed over.
 */
public final class DataSets {
    private static final int NAMED = 5;
    /** What Java puts in place of bytes that are no characters. */
    private static final char UNREADABLE = '\uFFFD';

    private final SourceConfig reading;
    private final Optional<Path> digits;
    private final SyntheticSet.Part part;
    private final Consumer<String> warnings;
    private final Set<String> names = new HashSet<>();

    /**
     * Prepares to find.
     *
     * @param reading how recordings are read; the pace is always the highest
     * @param digits the idx file that {@code synthetic:moving-digits} draws from
     * @param part which digits those are, unless they say so themselves
     * @param warnings takes a line for what is passed over, and later for each folder with pictures that cannot be read
     */
    public DataSets(SourceConfig reading, Optional<Path> digits, SyntheticSet.Part part, Consumer<String> warnings) {
        this.reading = reading.withPace(Pace.MAX).withLoop(false);
        this.digits = digits;
        this.part = part;
        this.warnings = warnings;
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
            } else {
                path(place).ifPresent(path -> found.addAll(below(path)));
            }
        }
        return found;
    }

    /** Where a place is; one whose name came in another encoding than files have here is named and left out. */
    private Optional<Path> path(String place) {
        String shown = PrintableName.of(place);
        try {
            Path path = Path.of(place);
            if (Files.exists(path)) {
                return Optional.of(path);
            }
        } catch (InvalidPathException malformed) {
            warnings.accept("data '" + shown + "' has a name that file names in this locale cannot have ("
                    + System.getProperty("sun.jnu.encoding") + "): start Framecast with LC_ALL=C.UTF-8 (left out)");
            return Optional.empty();
        }
        if (place.indexOf(UNREADABLE) >= 0) {
            warnings.accept("data '" + shown + "' is not there, or its name is not UTF-8: give the folder it is in"
                    + " (left out)");
            return Optional.empty();
        }
        throw new IllegalArgumentException("data '" + shown + "' is not there; give video files, .npy arrays,"
                + " folders of them, folders of pictures, or synthetic:NAME");
    }

    private List<Recording> below(Path place) {
        var recordings = new ArrayList<Recording>();
        var strays = new ArrayList<Path>();
        Map<Path, List<Path>> pictures = new LinkedHashMap<>();
        for (DataFile file : DataFile.below(place)) {
            Path path = file.path();
            switch (file.kind()) {
                case ARRAY -> recordings.add(new NpyRecording(name(path), path, reading));
                case VIDEO -> recordings.add(new VideoRecording(name(path), path, reading));
                case PICTURE ->
                    pictures.computeIfAbsent(path.resolveSibling(""), folder -> new ArrayList<>())
                            .add(path);
                case STRAY -> strays.add(path);
                case UNKNOWN -> {
                    if (new VideoRecording("", path, reading).hasPictures()) {
                        recordings.add(new VideoRecording(name(path), path, reading));
                    } else {
                        strays.add(path);
                    }
                }
            }
        }
        pictures.forEach((folder, files) -> recordings.add(new PictureFolder(name(folder), files, reading, warnings)));
        passOver(place, strays);
        return recordings;
    }

    private void passOver(Path place, List<Path> strays) {
        if (!strays.isEmpty()) {
            String named = strays.stream()
                    .limit(NAMED)
                    .map(file -> PrintableName.of(place.relativize(file).toString()))
                    .collect(Collectors.joining(", "));
            warnings.accept("folder '" + PrintableName.of(place.toString()) + "' also has what is no video, picture or"
                    + " array: " + named
                    + (strays.size() > NAMED ? " and " + (strays.size() - NAMED) + " more" : "") + " (passed over)");
        }
    }

    /** The last part of the path, or all of it if another has that name. */
    private String name(Path path) {
        Path last = path.toAbsolutePath().normalize().getFileName();
        return PrintableName.of(last != null && names.add(last.toString()) ? last.toString() : path.toString());
    }
}
