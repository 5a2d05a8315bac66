package io.framecast.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** Copies of the shipped model, each broken in its own way. */
final class DamagedModel {
    private static final Path SOUND = Path.of("models", ModelsOption.DEFAULT);
    private static final String WEIGHTS = "weights.npz";
    private static final String DESCRIPTION = "model.yaml";
    private static final int MEBIBYTE = 1 << 20;

    private DamagedModel() {}

    /** What can be wrong with weights. */
    enum Weights {
        MISSING {
            @Override
            void write(Path file) {
                // Nothing is written.
            }
        },
        EMPTY {
            @Override
            void write(Path file) throws IOException {
                Files.createFile(file);
            }
        },
        NO_ARCHIVE {
            @Override
            void write(Path file) throws IOException {
                Files.writeString(file, "These are no weights.");
            }
        },
        TRUNCATED {
            @Override
            void write(Path file) throws IOException {
                byte[] sound = Files.readAllBytes(SOUND.resolve(WEIGHTS));
                Files.write(file, Arrays.copyOf(sound, sound.length / 2));
            }
        },
        FLIPPED_BYTES {
            @Override
            void write(Path file) throws IOException {
                byte[] bytes = Files.readAllBytes(SOUND.resolve(WEIGHTS));
                for (int i = bytes.length / 2; i < bytes.length / 2 + 64; i++) {
                    bytes[i] ^= 0x55;
                }
                Files.write(file, bytes);
            }
        },
        ARRAY_MISSING {
            @Override
            void write(Path file) throws IOException {
                Map<String, byte[]> arrays = arrays();
                arrays.remove(arrays.keySet().iterator().next());
                writeArrays(file, arrays);
            }
        },
        ARRAY_UNKNOWN {
            @Override
            void write(Path file) throws IOException {
                Map<String, byte[]> arrays = arrays();
                arrays.put("surprise.npy", arrays.values().iterator().next());
                writeArrays(file, arrays);
            }
        },
        WRONG_SHAPE {
            @Override
            void write(Path file) throws IOException {
                writeArrays(file, withShape("(1, 64, 64)"));
            }
        },
        SHAPE_BEYOND_MEMORY {
            @Override
            void write(Path file) throws IOException {
                writeArrays(file, withShape("(900000, 900000, 8)"));
            }
        },
        UNPACKS_TO_A_GIBIBYTE {
            @Override
            void write(Path file) throws IOException {
                Map<String, byte[]> arrays = arrays();
                String bomb = arrays.keySet().iterator().next();
                byte[] head = Objects.requireNonNull(arrays.remove(bomb));
                writeArrays(file, arrays, bomb, head);
            }
        };

        abstract void write(Path file) throws IOException;

        /** Writes the broken model into a folder. */
        Path in(Path folder) throws IOException {
            Files.createDirectories(folder);
            Files.copy(SOUND.resolve(DESCRIPTION), folder.resolve(DESCRIPTION));
            write(folder.resolve(WEIGHTS));
            return folder;
        }
    }

    /** What can be wrong with a description. */
    enum Description {
        NO_YAML("name: [", "damaged", ""),
        EMPTY("", "damaged", ""),
        UNKNOWN_SETTING("surprise: 1\n", "surprise", "name:"),
        UNKNOWN_ARCHITECTURE("architecture: \"crystal-ball\"\n", "crystal-ball", "architecture:"),
        UNKNOWN_HYPER_PARAMETER(
                "hyperParameters:\n  magic: 7\n  filters: [16, 32, 48, 64]\n", "magic", "hyperParameters:"),
        HUGE_HYPER_PARAMETER("hyperParameters:\n  hidden: 1000000000\n", "1000000000", "hyperParameters:"),
        NO_CONTEXT("contextLength: 0\n", "contextLength 0", "contextLength:"),
        SHAPE_OF_TWO("shape: [64, 64]\n", "shape [64, 64]", "shape:"),
        SHAPE_OF_NOTHING("shape: [64, 64, 0]\n", "64x64x0", "shape:"),
        SHAPE_BEYOND_MEMORY("shape: [1000000, 1000000, 3]\n", "1000000", "shape:");

        private final String text;
        private final String word;
        private final String replaces;

        Description(String text, String word, String replaces) {
            this.text = text;
            this.word = word;
            this.replaces = replaces;
        }

        /** What the failure must name. */
        String word() {
            return word;
        }

        /** Writes the broken model into a folder. */
        Path in(Path folder) throws IOException {
            Files.createDirectories(folder);
            Files.copy(SOUND.resolve(WEIGHTS), folder.resolve(WEIGHTS));
            Files.writeString(folder.resolve(DESCRIPTION), replaces.isEmpty() ? text : others() + text);
            return folder;
        }

        /** The sound description without the entry that is replaced. */
        private String others() throws IOException {
            var kept = new StringBuilder();
            boolean dropping = false;
            for (String line : Files.readAllLines(SOUND.resolve(DESCRIPTION))) {
                boolean entry = !line.startsWith(" ") && !line.startsWith("-");
                dropping = entry ? line.startsWith(replaces) && !this.equals(UNKNOWN_SETTING) : dropping;
                if (!dropping) {
                    kept.append(line).append('\n');
                }
            }
            return kept.toString();
        }
    }

    private static Map<String, byte[]> arrays() throws IOException {
        var arrays = new LinkedHashMap<String, byte[]>();
        try (var zip = new ZipFile(SOUND.resolve(WEIGHTS).toFile())) {
            for (ZipEntry entry : zip.stream().map(ZipEntry.class::cast).toList()) {
                arrays.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
            }
        }
        return arrays;
    }

    /** All arrays, the first one's header telling another shape; its bytes stay. */
    private static Map<String, byte[]> withShape(String shape) throws IOException {
        Map<String, byte[]> arrays = arrays();
        String first = arrays.keySet().iterator().next();
        byte[] bytes = Objects.requireNonNull(arrays.get(first));
        String header = new String(bytes, 10, (bytes[8] & 0xFF) + 256 * (bytes[9] & 0xFF), StandardCharsets.ISO_8859_1);
        String changed = header.strip().replaceFirst("\\([0-9, ]+\\)", shape);
        String padded = changed + " ".repeat(header.length() - 1 - changed.length()) + "\n";
        byte[] all = bytes.clone();
        System.arraycopy(padded.getBytes(StandardCharsets.ISO_8859_1), 0, all, 10, padded.length());
        arrays.put(first, all);
        return arrays;
    }

    private static void writeArrays(Path file, Map<String, byte[]> arrays) throws IOException {
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, byte[]> array : arrays.entrySet()) {
                zip.putNextEntry(new ZipEntry(array.getKey()));
                zip.write(array.getValue());
            }
        }
    }

    /** All arrays, and one with a gibibyte of zeros behind it. */
    private static void writeArrays(Path file, Map<String, byte[]> arrays, String bomb, byte[] head)
            throws IOException {
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry(bomb));
            zip.write(head);
            writeZeros(zip);
            for (Map.Entry<String, byte[]> array : arrays.entrySet()) {
                zip.putNextEntry(new ZipEntry(array.getKey()));
                zip.write(array.getValue());
            }
        }
    }

    private static void writeZeros(OutputStream out) throws IOException {
        byte[] zeros = new byte[MEBIBYTE];
        for (int i = 0; i < 1024; i++) {
            out.write(zeros);
        }
    }
}
