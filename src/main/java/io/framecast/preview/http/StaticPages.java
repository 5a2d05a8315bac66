package io.framecast.preview.http;

import static java.util.Map.entry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The files of the web page, read once from the jar; nothing else can be asked for. */
final class StaticPages {
    private static final Map<String, String> TYPES = Map.ofEntries(
            entry("index.html", "text/html; charset=utf-8"),
            entry("style.css", "text/css; charset=utf-8"),
            entry("app.js", "text/javascript; charset=utf-8"),
            entry("ahead.js", "text/javascript; charset=utf-8"),
            entry("cameras.js", "text/javascript; charset=utf-8"),
            entry("card.js", "text/javascript; charset=utf-8"),
            entry("clock.js", "text/javascript; charset=utf-8"),
            entry("draw.js", "text/javascript; charset=utf-8"),
            entry("order.js", "text/javascript; charset=utf-8"),
            entry("past.js", "text/javascript; charset=utf-8"),
            entry("wire.js", "text/javascript; charset=utf-8"),
            entry("words.js", "text/javascript; charset=utf-8"),
            entry("icon.svg", "image/svg+xml"));

    private final Map<String, Reply> files = TYPES.entrySet().stream()
            .collect(Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, file -> Reply.fixed(file.getValue(), read(file.getKey()))));

    /** A file by its path, {@code /} being the page. */
    Optional<Reply> find(String path) {
        return Optional.ofNullable(files.get(path.equals("/") ? "index.html" : path.substring(1)));
    }

    /** A file that is no part of the page, as text. */
    static String text(String name) {
        return new String(read(name), StandardCharsets.UTF_8);
    }

    private static byte[] read(String name) {
        try (var file = StaticPages.class.getResourceAsStream("/preview/" + name)) {
            if (file == null) {
                throw new IllegalStateException("the page's file preview/" + name + " is missing from the jar");
            }
            return file.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
