package io.framecast.preview.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where the preview listens, and who may look.
 *
 * @param host the name or address to bind; anything but loopback needs a token
 * @param port the TCP port, 0 for any free one
 * @param token what every request but {@code /health/*} has to show, if given: printable ASCII without spaces
 * @param publicAddress what browsers open, if a proxy is between
 * @param framing which other pages may show this one in a frame
 */
public record HttpConfig(
        String host, int port, Optional<String> token, Optional<PublicAddress> publicAddress, Framing framing) {
    private static final Pattern NUMERIC = Pattern.compile("[0-9.]+|.*:.*");
    private static final Pattern TOKEN = Pattern.compile("[!-~]{1,256}");
    private static final int LAST_PORT = 65_535;

    /** Loopback, port 8080, no token; below the patterns, which it is checked by. */
    public static final HttpConfig DEFAULT = new HttpConfig("127.0.0.1", 8080, Optional.empty());

    /**
     * Checks that strangers can't look.
     *
     * @throws IllegalArgumentException if the host is empty or reachable from elsewhere without a token, the port out
     *     of range, or the token malformed
     */
    public HttpConfig {
        if (host.isBlank()) {
            throw new IllegalArgumentException("host is empty: give a name or address, as in --host 127.0.0.1");
        }
        if (port < 0 || port > LAST_PORT) {
            throw new IllegalArgumentException(
                    "port " + port + " is out of range: use --port 1 to " + LAST_PORT + ", or 0 for any free one");
        }
        if (token.isPresent() && !TOKEN.matcher(token.get()).matches()) {
            throw new IllegalArgumentException("the token is malformed: give --token 1 to 256 letters, digits or signs"
                    + " without spaces, as 'openssl rand -hex 16' prints");
        }
        if (token.isEmpty() && !isLoopback(host)) {
            throw new IllegalArgumentException(
                    "host " + host
                            + " can be reached from other machines: give a --token that viewers must show, or keep --host 127.0.0.1");
        }
    }

    /** Opened as it is, without a proxy, and never in a frame. */
    public HttpConfig(String host, int port, Optional<String> token) {
        this(host, port, token, Optional.empty(), Framing.NONE);
    }

    /** Whether only this machine can reach {@link #host()}; decided without asking a name server. */
    public boolean isLoopback() {
        return isLoopback(host);
    }

    static boolean isLoopback(String host) {
        if (host.toLowerCase(Locale.ROOT).equals("localhost")) {
            return true;
        }
        try {
            return NUMERIC.matcher(host).matches()
                    && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException malformed) {
            return false;
        }
    }

    /** Leaves the token out: it's a secret. */
    @Override
    public String toString() {
        return "HttpConfig[host=" + host + ", port=" + port + ", token=" + (token.isPresent() ? "set" : "none")
                + ", publicAddress=" + publicAddress.map(PublicAddress::url) + ", framing=" + framing.origins() + "]";
    }
}
