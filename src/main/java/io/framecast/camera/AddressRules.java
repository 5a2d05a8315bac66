package io.framecast.camera;

import io.framecast.source.SourceLocation;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which sources may come over HTTP: streams of other machines, and rendered scenes. Not files and devices of this
 * machine, its secrets, or what only listens on its loopback addresses; so a leaked token opens no way into it. A name
 * is looked up when it is checked and again when it is opened, and a server may send a client elsewhere, so this does
 * not stop the owner of a name server or of a camera.
 */
public final class AddressRules {
    private static final Pattern SECRET = Pattern.compile("\\{(env|file):");
    private static final Pattern LISTENS =
            Pattern.compile("[?&](mode=(listener|rendezvous)|listen=)", Pattern.CASE_INSENSITIVE);
    private static final Set<String> SCHEMES = Set.of("rtsp", "rtsps", "http", "https", "srt", "rtmp", "rtmps");

    /** Where a cloud tells its machines their keys, beside the link-local 169.254.169.254. */
    private static final String METADATA = "fd00:ec2:0:0:0:0:0:254";

    private final boolean localAllowed;

    /** @param localAllowed whether addresses of this machine and of its link may be named */
    public AddressRules(boolean localAllowed) {
        this.localAllowed = localAllowed;
    }

    /**
     * Checks a source. May ask a name server, and so wait.
     *
     * @return where it is
     * @throws IllegalArgumentException if it is malformed or not allowed, with what to do
     */
    public SourceLocation check(String source) {
        if (SECRET.matcher(source).find()) {
            throw refused("a secret of this machine cannot be named over HTTP: send the password itself, or write the"
                    + " camera into the cameras file");
        }
        if (source.contains("://") && !SCHEMES.contains(scheme(source))) {
            throw refused("addresses may begin with rtsp, rtsps, http, https, srt, rtmp or rtmps");
        }
        if (!source.contains("://") && !source.startsWith("test:")) {
            throw refused("files and devices of this machine cannot be named over HTTP: use rtsp://HOST/PATH or"
                    + " another address, or write the camera into the cameras file");
        }
        var location = SourceLocation.parse(source);
        if (LISTENS.matcher(source).find()) {
            throw refused("it would open a port of this machine: write the camera into the cameras file");
        }
        if (location.kind() != SourceLocation.Kind.SCENE && !localAllowed) {
            requireElsewhere(location.host());
        }
        return location;
    }

    private static String scheme(String source) {
        return source.substring(0, source.indexOf("://")).toLowerCase(Locale.ROOT);
    }

    private static void requireElsewhere(String host) {
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (isLocal(address)) {
                    throw refused("'" + host + "' is an address of this machine or of its link, "
                            + address.getHostAddress() + ": allow those with --allow-local-cameras");
                }
            }
        } catch (UnknownHostException e) {
            throw refused("no address is known of '" + host + "': check the name");
        } catch (SocketException e) {
            throw refused("the addresses of this machine cannot be read to compare '" + host + "' with");
        }
    }

    private static boolean isLocal(InetAddress address) throws SocketException {
        return address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isAnyLocalAddress()
                || address.isMulticastAddress()
                || address.getHostAddress().equals(METADATA)
                || NetworkInterface.getByInetAddress(address) != null;
    }

    private static IllegalArgumentException refused(String why) {
        return new IllegalArgumentException(why);
    }
}
