package io.framecast.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.sun.jna.Memory;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.UUID;

/**
 * Floats outside the heap that become an array without being copied, and are given back when the array's manager
 * closes. DJL's own way copies them to a buffer that the garbage collector gives back when it comes round to it: tens
 * of megabytes a call, which wait for it hundreds at a time.
 */
final class LentFloats {
    private final NDManager manager;
    private final Memory memory;
    private final FloatBuffer values;

    /** Takes room for some values, until the manager closes. */
    LentFloats(NDManager manager, long count) {
        this.manager = manager;
        memory = new Memory(count * Float.BYTES);
        manager.attachInternal(UUID.randomUUID().toString(), memory);
        values = memory.getByteBuffer(0, memory.size())
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    /** Where to put the values of one of {@code count} equal parts; threads may fill different ones at once. */
    FloatBuffer part(int index, int count) {
        int size = values.capacity() / count;
        return values.slice(index * size, size);
    }

    /**
     * The array of all values, on the manager's device.
     *
     * @throws IllegalArgumentException if the shape is of another number
     */
    NDArray array(Shape shape) {
        return manager.create(
                memory.getByteBuffer(0, memory.size()).order(ByteOrder.nativeOrder()), shape, DataType.FLOAT32);
    }
}
