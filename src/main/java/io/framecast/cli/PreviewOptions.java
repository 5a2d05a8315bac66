package io.framecast.cli;

import io.framecast.node.PreviewConfig;
import io.framecast.preview.http.Framing;
import io.framecast.preview.http.HttpConfig;
import io.framecast.preview.http.PublicAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the page, health and metrics are served. */
final class PreviewOptions {
    @Option(
            names = "--host",
            paramLabel = "HOST",
            description = "Where HTTP listens; any other address needs --token. Default: 127.0.0.1")
    String host = HttpConfig.DEFAULT.host();

    @Option(names = "--port", paramLabel = "PORT", description = "HTTP port, 0 for any free one. Default: 8080")
    int port = HttpConfig.DEFAULT.port();

    @Option(names = "--token", paramLabel = "TOKEN", description = "A secret that HTTP clients must show.")
    @Nullable
    String token;

    @Option(
            names = "--public-url",
            paramLabel = "URL",
            description = "The address that browsers open, if it is that of a proxy: https://cameras.example/door/.")
    @Nullable
    String publicUrl;

    @Option(
            names = "--clips",
            paramLabel = "N",
            description = "How many clips of unexpected moments are kept in --data-dir. The oldest ones are"
                    + " deleted first; 0 keeps none. Default: 100")
    int clips = PreviewConfig.USUAL_CLIPS;

    @Option(
            names = "--allow-framing",
            paramLabel = "ORIGIN",
            split = ",",
            description = "Let pages of this origin show the page in a frame, as in https://home.example:8123; '*'"
                    + " allows all.")
    List<String> framing = List.of();

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
        var http = new HttpConfig(
                host,
                port,
                Optional.ofNullable(token),
                Optional.ofNullable(publicUrl).map(PublicAddress::parse),
                new Framing(framing));
        return new PreviewConfig(http, kind == Kind.WEB, kind == Kind.WINDOW, clips);
    }
}
