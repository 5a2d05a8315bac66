package io.framecast.node;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a run did, one line per camera.
 *
 * @param cameras in the order of their names
 * @param shadow how a model that ran as a shadow compares, in the same order; empty if none did
 */
public record RunSummary(List<Camera> cameras, List<Shadow> shadow) {
    /** One without a shadow. */
    public RunSummary(List<Camera> cameras) {
        this(cameras, List.of());
    }

    /** The same with a shadow. */
    RunSummary with(List<Shadow> compared) {
        return new RunSummary(cameras, compared);
    }

    /**
     * How the model that runs and its shadow compare on a camera.
     *
     * @param camera its id
     * @param model the name of the model that runs
     * @param shadow that of the shadow
     * @param forecasts how many windows both forecast and were scored on
     * @param skill of the model that runs: the share of persistence's squared error that is gone, over these windows
     * @param shadowSkill the same of the shadow
     * @param difference how much better the shadow is; below 0 if it is worse
     */
    public record Shadow(
            String camera,
            String model,
            String shadow,
            long forecasts,
            double skill,
            double shadowSkill,
            double difference) {}

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
        if (!shadow.isEmpty()) {
            shadowTable(lines);
        }
        return lines.toString();
    }

    private void shadowTable(StringBuilder lines) {
        lines.append(String.format(
                Locale.ROOT, "%n%-16s %10s %8s %8s  %s%n", "shadow", "forecasts", "skill", "of it", "difference"));
        for (Shadow camera : shadow) {
            lines.append(String.format(
                    Locale.ROOT,
                    "%-16s %10d %+8.3f %+8.3f  %+.3f  %s against %s%n",
                    camera.camera(),
                    camera.forecasts(),
                    camera.skill(),
                    camera.shadowSkill(),
                    camera.difference(),
                    camera.shadow(),
                    camera.model()));
        }
    }

    private static String words(Map<String, Long> dropped) {
        return dropped.isEmpty()
                ? "none"
                : dropped.entrySet().stream()
                        .map(entry -> entry.getValue() + " " + entry.getKey())
                        .collect(Collectors.joining(", "));
    }
}
