package io.framecast.source.ffmpeg;

import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;

import io.framecast.frame.FrameShape;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/** One packed RGB picture in native memory, black until something is scaled into it. */
final class PictureBuffer implements AutoCloseable {
    private static final int ALIGNMENT = 64;

    private final FrameShape shape;
    private final int bytesPerPixel;
    private final AVFrame frame = av_frame_alloc();
    private final PointerPointer<Pointer> planes = new PointerPointer<>(4);
    private final IntPointer strides = new IntPointer(4);

    /**
     * Allocates it.
     *
     * @param format FFmpeg's number of a packed format
     * @param bytesPerPixel of that format
     */
    PictureBuffer(FrameShape shape, int format, int bytesPerPixel) {
        this.shape = shape;
        this.bytesPerPixel = bytesPerPixel;
        // Vector instructions write past the end of a row, also where it begins to the right of the buffer's.
        frame.format(format).width(shape.width() + ALIGNMENT).height(shape.height() + 1);
        if (av_frame_get_buffer(frame, ALIGNMENT) < 0) {
            throw new OutOfMemoryError("no memory for a picture of " + shape);
        }
        Pointer.memset(frame.data(0), 0, (long) frame.linesize(0) * frame.height());
        frame.width(shape.width()).height(shape.height());
    }

    /** The picture as FFmpeg sees it. */
    AVFrame frame() {
        return frame;
    }

    /** Chooses the pixel from which on {@link #planes} is filled. */
    void startAt(int x, int y) {
        planes.put(0, frame.data(0).getPointer((long) y * frame.linesize(0) + (long) x * bytesPerPixel));
        strides.put(0, frame.linesize(0));
    }

    PointerPointer<Pointer> planes() {
        return planes;
    }

    IntPointer strides() {
        return strides;
    }

    /** Its bytes, rows without the padding at their ends. */
    byte[] bytes() {
        int row = shape.width() * bytesPerPixel;
        var bytes = new byte[shape.height() * row];
        var data = frame.data(0);
        for (int y = 0; y < shape.height(); y++) {
            data.position((long) y * frame.linesize(0)).get(bytes, y * row, row);
        }
        return bytes;
    }

    @Override
    public void close() {
        planes.close();
        strides.close();
        av_frame_free(frame);
    }
}
