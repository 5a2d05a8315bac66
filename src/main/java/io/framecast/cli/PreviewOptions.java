package io.framecast.cli;

import io.framecast.node.PreviewConfig;
import io.framecast.preview.http.HttpConfig;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the page, health and metrics are served. */
final class PreviewOptions {
    @Option(
            names = "--host",
            paramLabel = "HOST",
            description = "Where HTTP listens; anything but this machine needs --token. Default: 127.0.0.1")
    String host = HttpConfig.DEFAULT.host();

    @Option(names = "--port", paramLabel = "PORT", description = "HTTP port, 0 for any free one. Default: 8080")
    int port = HttpConfig.DEFAULT.port();

    @Option(names = "--token", paramLabel = "TOKEN", description = "What HTTP clients must know.")
    @Nullable
    String token;

    /** What is to be looked at. */
    enum Kind {
        WEB,
        WINDOW,
        NONE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The configuration.
     *
     * @throws IllegalArgumentException if a value is malformed, or another host has no token
     */
    PreviewConfig config(Kind kind) {
        return new PreviewConfig(
                new HttpConfig(host, port, Optional.ofNullable(token)), kind == Kind.WEB, kind == Kind.WINDOW);
    }
}
