package io.framecast.data;

import io.framecast.topic.RecordedTopic;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The time that the frames of a topic cover.
 *
 * @param first capture time of the oldest frame
 * @param last capture time of the newest
 */
public record TopicSpan(Instant first, Instant last) {
    /** The span of all cameras together; empty if there is no frame. */
    public static Optional<TopicSpan> of(RecordedTopic frames) {
        var span = new Instant[2];
        frames.frames(frame -> {
            Instant time = frame.captureTime();
            span[0] = span[0] == null || time.isBefore(span[0]) ? time : span[0];
            span[1] = span[1] == null || time.isAfter(span[1]) ? time : span[1];
        });
        return span[0] == null ? Optional.empty() : Optional.of(new TopicSpan(span[0], span[1]));
    }

    /**
     * The moment before which some share of the time lies.
     *
     * @param share 0 to 1
     */
    public Instant at(double share) {
        Duration whole = Duration.between(first, last);
        return first.plusNanos(Math.round(share * whole.toNanos()));
    }
}
