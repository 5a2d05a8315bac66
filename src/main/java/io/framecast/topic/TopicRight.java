package io.framecast.topic;

/**
 * A right that a role needs on a topic.
 *
 * @param topic which
 * @param operation what it does there
 */
public record TopicRight(TopicKind topic, Operation operation) {
    /** What can be done with a topic's records; each includes looking whether the topic exists. */
    public enum Operation {
        READ,
        WRITE
    }

    /** The right to read a topic. */
    public static TopicRight read(TopicKind topic) {
        return new TopicRight(topic, Operation.READ);
    }

    /** The right to write to a topic. */
    public static TopicRight write(TopicKind topic) {
        return new TopicRight(topic, Operation.WRITE);
    }
}
