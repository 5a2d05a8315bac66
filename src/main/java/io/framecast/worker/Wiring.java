package io.framecast.worker;

import io.framecast.topic.MalformedRecordException;
import io.framecast.topic.TopicKind;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Which topics a processor reads and writes.
 *
 * @param inputs how the records of each input are read
 * @param encoder how what it publishes is written; called on another thread than the processor's
 * @param history what a successor must know of earlier outputs, in the order in which to read it
 * @param deadLetters whether malformed inputs are put aside in the dead-letter topic, or only counted
 */
public record Wiring<I, O>(
        Map<TopicKind, Decoder<I>> inputs, Function<O, Output> encoder, List<History<O>> history, boolean deadLetters) {
    /** Copies the collections. */
    public Wiring {
        inputs = Map.copyOf(inputs);
        history = List.copyOf(history);
    }

    /** Reads the bytes of one topic's records. */
    @FunctionalInterface
    public interface Decoder<T> {
        /**
         * Reads a record.
         *
         * @param key in UTF-8; empty if it has none
         * @param value empty if it has none
         * @throws MalformedRecordException if they are not what the topic holds
         */
        T decode(String key, byte[] value) throws MalformedRecordException;
    }

    /**
     * An output that is read back.
     *
     * @param topic which
     * @param records how many of each partition, the newest
     * @param decoder reads them
     */
    public record History<O>(TopicKind topic, long records, Decoder<O> decoder) {}
}
