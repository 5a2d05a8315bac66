package io.framecast.camera;

import io.framecast.source.SourceLocation;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.HexFormat;
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

    /** Where clouds tell their machines keys, apart from the link-local 169.254.169.254. */
    private static final Set<String> METADATA = Set.of("fd00:ec2:0:0:0:0:0:254", "100.100.100.200");

    private static final Pattern PLAIN =
            Pattern.compile("(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)){3}");

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
        if (location.kind() != SourceLocation.Kind.SCENE) {
            requirePlain(location.host());
            if (!localAllowed) {
                requireElsewhere(location.host());
            }
        }
        return location;
    }

    private static String scheme(String source) {
        return source.substring(0, source.indexOf("://")).toLowerCase(Locale.ROOT);
    }

    /**
     * Refuses numbers that one program reads as another address than the next: {@code 0177.0.0.1} is 177.0.0.1 for
     * Java, and 127.0.0.1 for FFmpeg.
     */
    private static void requirePlain(String host) {
        var last = host.substring(host.lastIndexOf('.') + 1);
        var isNumber = !last.isEmpty()
                && (Character.isDigit(last.charAt(0))
                        || last.toLowerCase(Locale.ROOT).startsWith("0x"));
        if (host.indexOf(':') < 0 && isNumber && !PLAIN.matcher(host).matches()) {
            throw refused("'" + host + "' is no plain address: write it as four numbers from 0 to 255, without leading"
                    + " zeros, or as a name");
        }
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

    private static boolean isLocal(InetAddress address) throws SocketException, UnknownHostException {
        if (address instanceof Inet6Address && embedsV4(address.getAddress())) {
            return true; // ways to an IPv4 address around these rules; no camera is there
        }
        return address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isAnyLocalAddress()
                || address.isMulticastAddress()
                || METADATA.contains(address.getHostAddress())
                || NetworkInterface.getByInetAddress(address) != null;
    }

    /** Whether it leads to an IPv4 address by NAT64, 6to4 or Teredo, or is IPv4-compatible. */
    private static boolean embedsV4(byte[] address) {
        var text = HexFormat.of().formatHex(address);
        return text.startsWith("0064ff9b")
                || text.startsWith("2002")
                || text.startsWith("20010000")
                || (text.startsWith("0".repeat(24))
                        && !text.equals("0".repeat(31) + "1")
                        && !text.equals("0".repeat(32)));
    }

    private static IllegalArgumentException refused(String why) {
        return new IllegalArgumentException(why);
    }
}
