package io.framecast.alert;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Where alerts go.
 *
 * @param url of {@code http} or {@code https}, with a host
 * @param secret what each request is signed with, if it is
 * @param every the least time between two alerts of one camera
 */
public record WebhookConfig(URI url, Optional<String> secret, Duration every) {
    /**
     * Checks the address.
     *
     * @throws IllegalArgumentException if it is none that can be called, or carries a user and password
     */
    public WebhookConfig {
        boolean isHttp = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
        if (isHttp && url.getHost() == null && url.getRawAuthority() != null) {
            throw new IllegalArgumentException("the alert address has a host name that Java cannot call: use letters,"
                    + " digits, - and . in the host of --alert-url, or its IP address");
        }
        if (!isHttp || url.getHost() == null) {
            throw new IllegalArgumentException("the alert address is no address that can be called: write it as"
                    + " --alert-url https://hooks.example/framecast");
        }
        if (url.getUserInfo() != null) {
            throw new IllegalArgumentException("the alert address holds a user: leave that out of --alert-url, and have"
                    + " the receiver check the signature of --alert-secret");
        }
        if (secret.filter(String::isEmpty).isPresent()) {
            throw new IllegalArgumentException(
                    "the alert secret is empty: give one with --alert-secret, or leave it out");
        }
    }

    @Override
    public String toString() {
        return "WebhookConfig[url=" + shown() + ", every=" + every + "]";
    }

    /** The address without what may be secret in it. */
    public String shown() {
        String port = url.getPort() < 0 ? "" : ":" + url.getPort();
        return url.getScheme() + "://" + url.getHost() + port + "/***";
    }
}
