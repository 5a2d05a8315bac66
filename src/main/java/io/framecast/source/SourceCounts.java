package io.framecast.source;

import java.util.HashMap;
import java.util.Map;

/**
 * What a source has counted since it was opened.
 *
 * @param framesRead pictures decoded or rendered
 * @param framesSampled frames taken from them at the wanted rate; they carry the sequence numbers. Each was handed to
 *     the reader, is on its way to it, or counts under {@code overflow}
 * @param dropped frames lost, by cause: {@code overflow} (sampled, but the reader was too slow), {@code corrupt}
 *     (decoded with errors, never sampled)
 */
public record SourceCounts(long framesRead, long framesSampled, Map<String, Long> dropped) {
    /** Copies the map. */
    public SourceCounts {
        dropped = Map.copyOf(dropped);
    }

    /** Nothing counted. */
    public static SourceCounts none() {
        return new SourceCounts(0, 0, Map.of());
    }

    /** The sums of both. */
    public SourceCounts plus(SourceCounts other) {
        var sums = new HashMap<>(dropped);
        other.dropped.forEach((cause, count) -> sums.merge(cause, count, Long::sum));
        return new SourceCounts(framesRead + other.framesRead, framesSampled + other.framesSampled, sums);
    }
}
