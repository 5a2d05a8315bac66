package io.framecast.cli;

import io.framecast.alert.WebhookConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who is told of what nobody expected. */
final class AlertOptions {
    @Option(
            names = "--alert-url",
            paramLabel = "URL",
            description = "Call this webhook when a surprising stretch of a camera begins: a POST of JSON.")
    @Nullable
    String url;

    @Option(
            names = "--alert-secret",
            paramLabel = "SECRET",
            description = "Sign each alert with it: X-Framecast-Signature-256 is the HMAC-SHA256 of the body.")
    @Nullable
    String secret;

    @Option(
            names = "--alert-every",
            paramLabel = "TIME",
            description = "The least time between two alerts of one camera. Default: 1m")
    Duration every = Duration.ofMinutes(1);

    /**
     * The configuration, if there is an address.
     *
     * @throws IllegalArgumentException if that cannot be called, or there is a secret without one
     */
    Optional<WebhookConfig> config() {
        if (url == null) {
            if (secret != null) {
                throw new IllegalArgumentException("--alert-secret signs nothing: give --alert-url, or leave it out");
            }
            return Optional.empty();
        }
        try {
            return Optional.of(new WebhookConfig(new URI(url), Optional.ofNullable(secret), every));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "the alert address is malformed: write it as --alert-url https://hooks.example/framecast", e);
        }
    }
}
