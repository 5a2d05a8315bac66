package io.framecast.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.sun.jna.Memory;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
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

    /**
     * An array of planes, with the values of a pixel next to each other, as long as the manager is open.
     *
     * @param count into how many pictures the planes are divided, N
     * @param channels of a picture, C: it has at least as many as planes, the others are 0
     * @return (N, H, W, C)
     */
    static NDArray pixels(NDManager manager, int count, List<float[]> planes, Planes size, int channels) {
        int shown = planes.size() / count;
        int length = size.places() * channels;
        var values = new LentFloats(manager, (long) count * length);
        var picture = new float[length];
        for (int i = 0; i < count; i++) {
            interleave(planes.subList(i * shown, (i + 1) * shown), size, channels, picture);
            values.part(i, count).put(picture);
        }
        return values.array(new Shape(count, size.height(), size.width(), channels));
    }

    /** Row by row, which stay in the processor's cache. */
    private static void interleave(List<float[]> planes, Planes size, int channels, float[] into) {
        for (int start = 0; start < size.places(); start += size.width()) {
            for (int channel = 0; channel < planes.size(); channel++) {
                float[] plane = planes.get(channel);
                for (int place = start; place < start + size.width(); place++) {
                    into[place * channels + channel] = plane[place];
                }
            }
        }
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
