package io.framecast.topic;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** One of the addresses where a cluster is looked for, read as Kafka's clients read it. */
record BootstrapAddress(String host, int port) {
    /**
     * The addresses in a list, separated by commas.
     *
     * @throws IllegalArgumentException naming the first that Kafka cannot read
     */
    static List<BootstrapAddress> parseAll(String bootstrap) {
        return Arrays.stream(bootstrap.split(",", -1))
                .map(address -> parse(address.strip()))
                .toList();
    }

    private static BootstrapAddress parse(String address) {
        String host = Utils.getHost(address);
        try {
            Integer port = Utils.getPort(address);
            if (host != null && !host.isEmpty() && port != null && port > 0) {
                var checked = InetSocketAddress.createUnresolved(host, port); // refuses a port that is out of range
                return new BootstrapAddress(checked.getHostString(), checked.getPort());
            }
        } catch (IllegalArgumentException e) { // NumberFormatException, too
            throw malformed(address, e);
        }
        throw malformed(address, null);
    }

    private static IllegalArgumentException malformed(String address, @Nullable Throwable cause) {
        return new IllegalArgumentException(
                "Kafka address '" + address + "' is malformed: use embedded, or HOST:PORT[,HOST:PORT...], with an IPv6"
                        + " address in brackets, and ports from 1 to 65535",
                cause);
    }
}
