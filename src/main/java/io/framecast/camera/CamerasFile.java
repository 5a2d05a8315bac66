package io.framecast.camera;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.framecast.frame.CameraId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Cameras in a YAML file, a map by their ids: the value is a source, or a map with {@code source}, {@code paused} and
 * settings.
 *
 * @param path where it is
 */
public record CamerasFile(Path path) {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory()
                    .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .disable(YAMLGenerator.Feature.SPLIT_LINES))
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    private static final String HEAD = """
            # Framecast's cameras, ID: SOURCE or a map of settings (docs/sources.md). It may be edited while they are read.
            # A change over HTTP writes it anew, without comments. It holds passwords: keep it to yourself.
            """;

    private static final String SOURCE = "source";
    private static final String PAUSED = "paused";
    private static final long LARGEST = 1 << 20;
    private static final String FORM = "write it as 'door: rtsp://HOST/PATH'";

    /**
     * What a file holds.
     *
     * @param cameras those that are in order
     * @param problems what is wrong with others, by their ids as they are written
     * @param asWritten all of them, by their ids as they are written
     */
    record Content(Map<CameraId, CameraEntry> cameras, Map<String, String> problems, Map<String, JsonNode> asWritten) {
        /** Copies the maps. */
        Content {
            cameras = Map.copyOf(cameras);
            problems = Map.copyOf(problems);
            asWritten = Map.copyOf(asWritten);
        }
    }

    /** Whether it is there. */
    public boolean exists() {
        return Files.exists(path);
    }

    /**
     * Its bytes as text, in which a change can be seen.
     *
     * @throws IllegalArgumentException if it cannot be read
     */
    String text() {
        try {
            if (Files.size(path) > LARGEST) {
                throw new IllegalArgumentException(
                        this + " is larger than " + LARGEST + " bytes: it is no list of cameras");
            }
            return Files.readString(path);
        } catch (MalformedInputException e) {
            throw new IllegalArgumentException(this + " is not UTF-8: save it as that", e);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(this + " is gone", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(this + " cannot be read: check --cameras-file and its permissions", e);
        }
    }

    /**
     * What a text of this file says.
     *
     * @throws IllegalArgumentException if it is no YAML, or no map
     */
    Content parse(String text) {
        JsonNode root;
        try {
            root = YAML.readTree(text);
        } catch (JsonProcessingException e) {
            var place =
                    e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr();
            throw new IllegalArgumentException(
                    this + " is no YAML: "
                            + e.getOriginalMessage().lines().findFirst().orElse("malformed") + place + "; " + FORM,
                    e);
        }
        if (text.isEmpty()) { // as it is for a moment while an editor writes it
            throw new IllegalArgumentException(this + " is empty: write {} if there is to be no camera");
        }
        if (!root.isObject() && !root.isMissingNode() && !root.isNull()) {
            throw new IllegalArgumentException(this + " is no map of cameras: " + FORM);
        }
        var cameras = new TreeMap<CameraId, CameraEntry>();
        var problems = new TreeMap<String, String>();
        var asWritten = new TreeMap<String, JsonNode>();
        root.properties().forEach(field -> {
            asWritten.put(field.getKey(), field.getValue());
            try {
                var entry = entry(field.getKey(), field.getValue());
                cameras.put(entry.camera(), entry);
            } catch (IllegalArgumentException e) {
                problems.put(field.getKey(), String.valueOf(e.getMessage()));
            }
        });
        return new Content(cameras, problems, asWritten);
    }

    private static CameraEntry entry(String id, JsonNode value) {
        var camera = new CameraId(id);
        if (value.isTextual() || value.isNumber()) {
            return new CameraEntry(camera, value.asText(), Map.of(), false);
        }
        var source = value.path(SOURCE);
        if (!source.isTextual() && !source.isNumber()) {
            throw new IllegalArgumentException("it has no source: write 'source: rtsp://HOST/PATH' below it");
        }
        var settings = new TreeMap<String, String>();
        value.properties().forEach(setting -> settings.put(setting.getKey(), text(setting.getValue())));
        settings.remove(SOURCE);
        var paused = settings.remove(PAUSED);
        return new CameraEntry(camera, source.asText(), settings, paused != null && isTrue(paused));
    }

    /** A value, or several with commas between. */
    private static String text(JsonNode value) {
        return value.isArray()
                ? StreamSupport.stream(value.spliterator(), false)
                        .map(JsonNode::asText)
                        .collect(Collectors.joining(","))
                : value.asText();
    }

    private static boolean isTrue(String paused) {
        if (!paused.equals("true") && !paused.equals("false")) {
            throw new IllegalArgumentException(PAUSED + " '" + paused + "' is malformed: use true or false");
        }
        return paused.equals("true");
    }

    /**
     * Writes it anew, readable for its owner only, so that it is never found half written.
     *
     * @param others cameras that are wrong, as they were written
     * @return its text
     * @throws IllegalStateException if it would be too large
     * @throws UncheckedIOException if it cannot be written
     */
    String write(Collection<CameraEntry> cameras, Map<String, JsonNode> others) {
        try {
            var tree = tree(cameras);
            new TreeMap<>(others).forEach(tree::set);
            var text = HEAD + YAML.writeValueAsString(tree);
            if (text.getBytes(StandardCharsets.UTF_8).length > LARGEST) {
                throw new IllegalStateException(this + " would be larger than " + LARGEST + " bytes");
            }
            var target = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
            var folder = target.getParent();
            Files.createDirectories(folder);
            var fresh = Files.createTempFile(folder, ".cameras", ".yaml");
            try {
                if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
                    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
                }
                Files.writeString(fresh, text);
                Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(fresh);
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    this + " cannot be written: check the permissions of its folder, and in a container mount that"
                            + " folder and not the file",
                    e);
        }
    }

    private static ObjectNode tree(Collection<CameraEntry> cameras) {
        var root = YAML.createObjectNode();
        for (var entry : cameras) {
            if (entry.settings().isEmpty() && !entry.paused()) {
                root.put(entry.camera().value(), entry.source());
            } else {
                var camera = root.putObject(entry.camera().value()).put(SOURCE, entry.source());
                if (entry.paused()) {
                    camera.put(PAUSED, true);
                }
                new TreeMap<>(entry.settings()).forEach(camera::put);
            }
        }
        return root;
    }

    /** As messages call it. */
    @Override
    public String toString() {
        return "cameras file '" + path + "'";
    }
}
