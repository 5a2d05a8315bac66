package io.framecast.data;

import io.framecast.frame.Pixels;
import java.util.AbstractList;
import java.util.Objects;
import java.util.RandomAccess;

/** Neighbouring frames of a {@link FrameFile} as a list that never changes; each is read when it is asked for. */
final class StoredFrames extends AbstractList<Pixels> implements RandomAccess {
    private final FrameFile file;
    private final long position;
    private final int count;
    private final int frameBytes;

    StoredFrames(FrameFile file, long position, int count, int frameBytes) {
        this.file = file;
        this.position = position;
        this.count = count;
        this.frameBytes = frameBytes;
    }

    @Override
    public Pixels get(int index) {
        Objects.checkIndex(index, count);
        return file.read(position + (long) index * frameBytes, frameBytes);
    }

    @Override
    public int size() {
        return count;
    }
}
