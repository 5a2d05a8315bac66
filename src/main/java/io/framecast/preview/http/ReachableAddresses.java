package io.framecast.preview.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Addresses that open what listens on a socket. One that stands for all of this machine's opens nothing itself. */
final class ReachableAddresses {
    private static final String LOOPBACK = "127.0.0.1";

    /** A machine with many containers has an address for each of their networks. */
    private static final int MOST = 4;

    private ReachableAddresses() {}

    /** The pages' addresses, those that other machines can reach first; at least one. */
    static List<URI> of(InetSocketAddress bound) {
        if (!bound.getAddress().isAnyLocalAddress()) {
            return List.of(page(bound.getAddress().getHostAddress(), bound.getPort()));
        }
        return Stream.concat(
                        interfaces()
                                .flatMap(NetworkInterface::inetAddresses)
                                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                                .sorted(Comparator.comparing(Inet6Address.class::isInstance))
                                .map(ReachableAddresses::host)
                                .distinct()
                                .limit(MOST),
                        Stream.of(LOOPBACK))
                .map(host -> page(host, bound.getPort()))
                .toList();
    }

    /** The address without the interface it was found at, which is no part of it. */
    private static String host(InetAddress address) {
        return address.getHostAddress().replaceFirst("%.*", "");
    }

    private static Stream<NetworkInterface> interfaces() {
        try {
            return NetworkInterface.networkInterfaces().filter(ReachableAddresses::isUp);
        } catch (SocketException unknown) {
            return Stream.empty();
        }
    }

    private static boolean isUp(NetworkInterface network) {
        try {
            return network.isUp();
        } catch (SocketException gone) {
            return false;
        }
    }

    private static URI page(String host, int port) {
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + "/");
    }
}
