package io.framecast.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Between bytes, H x W x C and 0 to 255, and what networks take: C x H x W and -1 to 1. */
public final class FrameArrays {
    private static final float HALF_RANGE = 127.5f;

    private FrameArrays() {}

    /** Sequences as long as the longest, as {@link #filledUp} makes them. */
    static List<List<Pixels>> ofSameLength(List<List<Pixels>> sequences) {
        int longest = sequences.stream().mapToInt(List::size).max().orElse(0);
        return sequences.stream().map(sequence -> filledUp(sequence, longest)).toList();
    }

    /** A sequence that begins with its first picture again and again, until it has the length. */
    public static List<Pixels> filledUp(List<Pixels> sequence, int length) {
        if (sequence.size() >= length) {
            return sequence;
        }
        var frames = new ArrayList<>(Collections.nCopies(length - sequence.size(), sequence.get(0)));
        frames.addAll(sequence);
        return frames;
    }

    /**
     * Stacks pictures for a network.
     *
     * @param sequences B lists of T pictures
     * @return (B, T, C, H, W) in [-1, 1], on the manager's device
     */
    public static NDArray toArray(NDManager manager, List<List<Pixels>> sequences, FrameShape shape) {
        int batch = sequences.size();
        int times = sequences.get(0).size();
        var bytes = ByteBuffer.allocateDirect(batch * times * shape.bytes());
        for (List<Pixels> sequence : sequences) {
            for (Pixels picture : sequence) {
                bytes.put(picture.buffer());
            }
        }
        bytes.flip();
        var tensorShape = new Shape(batch, times, shape.height(), shape.width(), shape.channels());
        return toNetwork(manager.create(bytes, tensorShape, DataType.UINT8));
    }

    /**
     * Turns bytes into what a network takes.
     *
     * @param bytes (B, T, H, W, C), uint8
     * @return (B, T, C, H, W) in [-1, 1]
     */
    public static NDArray toNetwork(NDArray bytes) {
        return bytes.toType(DataType.FLOAT32, false)
                .transpose(0, 1, 4, 2, 3)
                .div(HALF_RANGE)
                .sub(1);
    }

    /**
     * The last frames of a sequence; where there are fewer, the first is repeated.
     *
     * @param sequence (B, T, C, H, W), T at least 1
     * @return (B, length, C, H, W)
     */
    static NDArray ofLength(NDArray sequence, int length) {
        long given = sequence.getShape().get(1);
        if (given >= length) {
            return sequence.get(new NDIndex(":, {}:", given - length));
        }
        NDArray first = sequence.get(new NDIndex(":, :1"));
        return first.repeat(1, length - given).concat(sequence, 1);
    }

    /**
     * Turns what a network gave into pictures, rounded and clipped to 0 to 255.
     *
     * @param sequence (B, T, C, H, W) in [-1, 1]
     * @return B lists of T pictures
     */
    public static List<List<Pixels>> toPixels(NDArray sequence, FrameShape shape) {
        Shape tensorShape = sequence.getShape();
        byte[] bytes = sequence.add(1)
                .mul(HALF_RANGE)
                .round()
                .clip(0, 255)
                .transpose(0, 1, 3, 4, 2)
                .toType(DataType.UINT8, false)
                .toByteArray();
        var buffer = ByteBuffer.wrap(bytes);
        var sequences = new ArrayList<List<Pixels>>();
        for (long b = 0; b < tensorShape.get(0); b++) {
            var pictures = new ArrayList<Pixels>();
            for (long t = 0; t < tensorShape.get(1); t++) {
                pictures.add(Pixels.copyOf(buffer.slice(buffer.position(), shape.bytes())));
                buffer.position(buffer.position() + shape.bytes());
            }
            sequences.add(pictures);
        }
        return sequences;
    }
}
