package io.framecast.node;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a run did, one line per camera.
 *
 * @param cameras in the order of their names
 */
public record RunSummary(List<Camera> cameras) {
    /**
     * One camera's line.
     *
     * @param id its id
     * @param framesRead pictures decoded or rendered
     * @param framesSampled frames taken from them at the wanted rate: those published, and those dropped as
     *     {@code overflow} (Kafka was too slow) or {@code unpublished} (Kafka could not be reached)
     * @param framesPublished frames that Kafka acknowledged
     * @param dropped what was lost, by cause: sampled frames as above; pictures as {@code corrupt}; and of those
     *     published, frames as {@code stale} and windows as {@code window-skipped}
     * @param forecasts forecasts committed
     * @param latencyMs from capture to forecast
     */
    public record Camera(
            String id,
            long framesRead,
            long framesSampled,
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
                "%-16s %11s %8s %10s %10s %8s %8s %8s  %s%n",
                "camera",
                "frames read",
                "sampled",
                "published",
                "forecasts",
                "p50 ms",
                "p95 ms",
                "p99 ms",
                "dropped"));
        for (Camera camera : cameras) {
            lines.append(String.format(
                    Locale.ROOT,
                    "%-16s %11d %8d %10d %10d %8d %8d %8d  %s%n",
                    camera.id(),
                    camera.framesRead(),
                    camera.framesSampled(),
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
