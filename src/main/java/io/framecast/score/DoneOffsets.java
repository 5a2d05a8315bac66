package io.framecast.score;

import java.util.Base64;
import java.util.BitSet;
import java.util.TreeSet;

/**
 * Which records of a partition are done, when they finish out of order. The first that is not done is the offset to
 * commit; those done after it are recorded in the commit's metadata, one bit each.
 */
final class DoneOffsets {
    /** Kafka's limit on metadata is 4096 bytes, of which base64 uses four for three. */
    private static final int MOST_BITS = 3000 * 8;

    private final TreeSet<Long> open = new TreeSet<>();
    private final BitSet done = new BitSet();
    private long first;
    private long position;

    /** Starts where an earlier commit left off. */
    DoneOffsets(long committed, String metadata) {
        first = committed;
        position = committed;
        try {
            done.or(BitSet.valueOf(Base64.getDecoder().decode(metadata)));
        } catch (IllegalArgumentException e) {
            done.clear(); // a commit of another program: nothing after it is done
        }
    }

    /** Whether a record was done before; if not, it is open from now on. */
    boolean isDone(long offset) {
        position = Math.max(position, offset + 1);
        if (offset < first || done.get((int) (offset - first))) {
            return true;
        }
        open.add(offset);
        return false;
    }

    /** Everything before a position was read. */
    void read(long upTo) {
        position = Math.max(position, upTo);
    }

    /** A record is done. */
    void finish(long offset) {
        open.remove(offset);
        if (offset >= first && offset - first < MOST_BITS) {
            done.set((int) (offset - first));
        }
    }

    /** Whether more records are open than the metadata can name; the oldest must end first. */
    boolean isFull() {
        return position - next() > MOST_BITS / 2;
    }

    /** The first offset that is not done. */
    long next() {
        return open.isEmpty() ? position : open.first();
    }

    /** What is done from {@link #next} on. */
    String metadata() {
        long next = next();
        int shift = (int) (next - first);
        return Base64.getEncoder()
                .encodeToString(done.get(shift, Math.max(shift, done.length())).toByteArray());
    }

    /** What was committed: earlier offsets need not be remembered. */
    void committed() {
        long next = next();
        BitSet later = done.get((int) (next - first), Math.max((int) (next - first), done.length()));
        done.clear();
        done.or(later);
        first = next;
    }
}
