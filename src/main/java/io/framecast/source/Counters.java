package io.framecast.source;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** The running counts of a source, written by its threads and read by anyone. */
public final class Counters {
    public static final String OVERFLOW = "overflow";
    public static final String CORRUPT = "corrupt";

    private final LongAdder read = new LongAdder();
    private final LongAdder sampled = new LongAdder();
    private final Map<String, LongAdder> dropped = new ConcurrentHashMap<>();

    public void read() {
        read.increment();
    }

    public void sampled() {
        sampled.increment();
    }

    public void dropped(String cause) {
        dropped.computeIfAbsent(cause, ignored -> new LongAdder()).increment();
    }

    public SourceCounts snapshot() {
        var causes = new TreeMap<String, Long>();
        dropped.forEach((cause, count) -> causes.put(cause, count.sum()));
        return new SourceCounts(read.sum(), sampled.sum(), causes);
    }
}
