package io.framecast.topic;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * A process that captures cameras.
 *
 * @param id drawn at its start
 * @param host the name of its machine
 * @param number what the operating system calls it
 * @param since when it started, by the clock of its machine
 */
public record CaptureProcess(String id, String host, long number, Instant since) {
    /** This process, which starts to capture at a time. */
    static CaptureProcess here(Instant since) {
        return new CaptureProcess(
                UUID.randomUUID().toString(),
                hostName(),
                ProcessHandle.current().pid(),
                since);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) { // a machine that does not know its own name
            return "localhost";
        }
    }

    /** Whether it ran on the same machine as another process, and runs no more. */
    public boolean isGoneFrom(CaptureProcess other) {
        return host.equals(other.host) && ProcessHandle.of(number).isEmpty();
    }

    /** Whether it started before another; never both ways round. */
    public boolean isBefore(CaptureProcess other) {
        int order = since.compareTo(other.since);
        return order < 0 || (order == 0 && id.compareTo(other.id) < 0);
    }

    /** For a person: process, host, and when it started, to the second. */
    @Override
    public String toString() {
        return "process " + number + " on " + host + " since " + since.truncatedTo(ChronoUnit.SECONDS);
    }
}
