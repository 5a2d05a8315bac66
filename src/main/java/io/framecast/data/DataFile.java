package io.framecast.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A file of a data set.
 *
 * @param path where it is
 * @param kind what its name says that it is
 */
record DataFile(Path path, Kind kind) {
    /** What files are. */
    enum Kind {
        VIDEO,
        /** One frame. */
        PICTURE,
        /** Of numpy. */
        ARRAY,
        /** Its name does not say. */
        UNKNOWN,
        /** Left by file managers or version control, or not readable. */
        STRAY
    }

    private static final Set<String> PICTURES =
            Set.of("png", "jpg", "jpeg", "bmp", "ppm", "pgm", "tif", "tiff", "webp");
    private static final Set<String> ARRAYS = Set.of("npy", "npz");
    private static final Set<String> VIDEOS = Set.of(
            "mp4", "m4v", "mov", "mkv", "webm", "avi", "mpg", "mpeg", "ts", "mts", "m2ts", "flv", "wmv", "asf", "3gp",
            "ogv", "vob", "mxf", "nut", "ivf", "y4m", "gif", "h264", "264", "h265", "265", "hevc", "mjpg", "mjpeg");
    private static final Set<String> STRAY_FILES = Set.of("thumbs.db", "desktop.ini");
    /** They hold thumbnails, and copies of what lies next to them. */
    private static final Set<String> STRAY_FOLDERS = Set.of("@eadir", "__macosx", "lost+found", "$recycle.bin");

    /**
     * All files of a folder and those in it, in the order of their paths; a stray folder counts as one. A single file
     * is a video or an array.
     *
     * @throws UncheckedIOException if the folder cannot be listed
     */
    static List<DataFile> below(Path place) {
        if (!Files.isDirectory(place)) {
            return List.of(new DataFile(place, ARRAYS.contains(extension(place)) ? Kind.ARRAY : Kind.VIDEO));
        }
        var lister = new Lister(place);
        try {
            Files.walkFileTree(place, lister);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + place, e);
        }
        lister.found.sort(Comparator.comparing(DataFile::path));
        return lister.found;
    }

    private static Kind kind(Path file) {
        String extension = extension(file);
        if (isStray(file, STRAY_FILES)) {
            return Kind.STRAY;
        }
        if (PICTURES.contains(extension)) {
            return Kind.PICTURE;
        }
        if (ARRAYS.contains(extension)) {
            return Kind.ARRAY;
        }
        return VIDEOS.contains(extension) ? Kind.VIDEO : Kind.UNKNOWN;
    }

    private static boolean isStray(Path path, Set<String> names) {
        String name = String.valueOf(path.getFileName());
        return name.startsWith(".") || names.contains(name.toLowerCase(Locale.ROOT));
    }

    private static String extension(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    private static final class Lister extends SimpleFileVisitor<Path> {
        private final Path root;
        private final List<DataFile> found = new ArrayList<>();

        Lister(Path root) {
            this.root = root;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            if (!folder.equals(root) && isStray(folder, STRAY_FOLDERS)) {
                found.add(new DataFile(folder, Kind.STRAY));
                return FileVisitResult.SKIP_SUBTREE;
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (Files.isRegularFile(file)) { // also what a link leads to
                found.add(new DataFile(file, kind(file)));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (file.equals(root)) {
                throw failure;
            }
            found.add(new DataFile(file, Kind.STRAY));
            return FileVisitResult.CONTINUE;
        }
    }
}
