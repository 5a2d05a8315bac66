package io.framecast.predict;

import java.util.Optional;

/**
 * How far back a predictor must read to have the windows of another again, as a checkpoint's metadata: an offset, and
 * after a slash the length of a window where that is not the usual one of the group.
 *
 * @param offset of the first frame that a window needs
 * @param contextLength how many frames a window holds
 */
record ReadBack(long offset, int contextLength) {
    /** Records that are read at least where windows have become longer. */
    private static final long LEAST = 1000;

    /** How many times slower a camera may have become, so that its longer windows are found again. */
    private static final int SLOWER = 4;

    /** What a checkpoint's metadata says; empty if it says nothing. */
    static Optional<ReadBack> parse(String metadata, int usualLength) {
        String[] parts = metadata.split("/", 2);
        try {
            return Optional.of(
                    new ReadBack(Long.parseLong(parts[0]), parts.length == 1 ? usualLength : parseLength(parts[1])));
        } catch (NumberFormatException unknown) {
            return Optional.empty(); // nothing was committed, or by another program
        }
    }

    private static int parseLength(String text) {
        int length = Integer.parseInt(text);
        if (length < 1) {
            throw new NumberFormatException(text);
        }
        return length;
    }

    /** The metadata of a checkpoint. */
    String metadata(int usualLength) {
        return contextLength == usualLength ? String.valueOf(offset) : offset + "/" + contextLength;
    }

    /**
     * Where to start reading for windows of some length. Where those are longer than they were, the records that hold
     * them are so many times more, if cameras went on as before; a camera whose frames are further apart starts afresh.
     *
     * @param next the first offset that is not done
     * @param most records to read back
     */
    long from(long next, int length, long most) {
        if (length <= contextLength) {
            return Math.min(next, offset);
        }
        double longer = (double) length / contextLength;
        long records = Math.max(LEAST, Math.round(SLOWER * longer * (next - offset)));
        return Math.max(0, Math.min(Math.min(next, offset), next - Math.min(most, records)));
    }
}
