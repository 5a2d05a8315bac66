package io.framecast.pipeline;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a run did, a line a camera.
 *
 * @param cameras in the order of their names
 */
public record RunSummary(List<Camera> cameras) {
    /**
     * One camera's line.
     *
     * @param id its id
     * @param framesRead pictures decoded or rendered
     * @param framesPublished frames that Kafka acknowledged
     * @param dropped frames and windows lost, by cause
     * @param forecasts forecasts committed
     * @param latencyMs from capture to forecast
     */
    public record Camera(
            String id,
            long framesRead,
            long framesPublished,
            Map<String, Long> dropped,
            long forecasts,
            LatencyMillis latencyMs) {}

    /**
     * Percentiles in milliseconds; 0 if there was no forecast.
     *
     * @param p50 the median
     * @param p95 what 95 of 100 stay under
     * @param p99 what 99 of 100 stay under
     */
    public record LatencyMillis(long p50, long p95, long p99) {}

    /** The table as a person reads it. */
    public String table() {
        var lines = new StringBuilder(String.format(
                Locale.ROOT,
                "%-16s %11s %16s %10s %8s %8s %8s  %s%n",
                "camera",
                "frames read",
                "frames published",
                "forecasts",
                "p50 ms",
                "p95 ms",
                "p99 ms",
                "dropped"));
        for (Camera camera : cameras) {
            lines.append(String.format(
                    Locale.ROOT,
                    "%-16s %11d %16d %10d %8d %8d %8d  %s%n",
                    camera.id(),
                    camera.framesRead(),
                    camera.framesPublished(),
                    camera.forecasts(),
                    camera.latencyMs().p50(),
                    camera.latencyMs().p95(),
                    camera.latencyMs().p99(),
                    words(camera.dropped())));
        }
        return lines.toString();
    }

    private static String words(Map<String, Long> dropped) {
        return dropped.isEmpty()
                ? "none"
                : dropped.entrySet().stream()
                        .map(entry -> entry.getValue() + " " + entry.getKey())
                        .collect(Collectors.joining(", "));
    }
}
