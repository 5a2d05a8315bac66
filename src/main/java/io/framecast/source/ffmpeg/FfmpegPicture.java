package io.framecast.source.ffmpeg;

import static org.bytedeco.ffmpeg.global.avutil.av_frame_clone;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.source.Fit;
import io.framecast.source.FullPicture;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** A decoded picture: a reference to the decoder's own memory, which stays as it is until this is closed. */
final class FfmpegPicture implements FullPicture {
    private final AVFrame frame;
    private final Fit fit;
    private final FrameShape shape;

    private FfmpegPicture(AVFrame frame, Fit fit, FrameShape shape) {
        this.frame = frame;
        this.fit = fit;
        this.shape = shape;
    }

    /**
     * Keeps a picture that the decoder gave, without copying it.
     *
     * @param fit as of the frames, so that both show the same
     * @param frames the shape of the frames
     * @param longest the longest side wanted
     */
    static FfmpegPicture of(AVFrame frame, Fit fit, FrameShape frames, int longest) {
        AVFrame kept = av_frame_clone(frame);
        if (kept == null) {
            throw new OutOfMemoryError("no memory for a reference to a picture");
        }
        return new FfmpegPicture(kept, fit, shape(frame, fit, frames, longest));
    }

    /** A stretched frame shows all of the picture, which is then as wide as it looks; others have the frames' shape. */
    private static FrameShape shape(AVFrame frame, Fit fit, FrameShape frames, int longest) {
        var orientation = Orientation.of(frame);
        double pixel = FfmpegScaler.aspect(frame);
        double width = orientation.width(frame) * (orientation.transposed() ? 1 / pixel : pixel);
        double height = orientation.height(frame);
        if (fit != Fit.STRETCH) {
            double side = Math.min(width, height);
            width = side * frames.width() / frames.height();
            height = side;
        }
        double scale = Math.min(1, longest / Math.max(width, height));
        return new FrameShape(rounded(height * scale), rounded(width * scale), frames.channels());
    }

    private static int rounded(double side) {
        return Math.max(1, (int) Math.round(side));
    }

    @Override
    public FrameShape shape() {
        return shape;
    }

    @Override
    public Pixels pixels() {
        try (var scaler = new FfmpegScaler(shape, fit)) {
            return scaler.scale(frame);
        }
    }

    @Override
    public void close() {
        av_frame_free(frame);
    }
}
