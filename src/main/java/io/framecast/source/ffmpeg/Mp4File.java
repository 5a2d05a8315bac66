package io.framecast.source.ffmpeg;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MPEG4;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_GRAY8;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.swscale.SWS_POINT;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.source.SourceException;
import io.framecast.source.SourceException.Reason;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import org.bytedeco.javacv.FFmpegFrameRecorder;
import org.bytedeco.javacv.Frame;
import org.bytedeco.javacv.FrameRecorder;

/** Videos in mp4 files, H.264 where the build of FFmpeg has an encoder for it, else MPEG-4. */
public final class Mp4File {
    private static final double MICROS = 1e6;

    /** A few times what such pictures need: they are small, and looked at closely. */
    private static final double BITS_PER_PIXEL = 2;

    private static final int SCALE = 4;
    private static final String H264 = "libopenh264";

    private Mp4File() {}

    /**
     * Writes pictures, each pixel as a square of 4 by 4.
     *
     * @param shape of the pictures, RGB or grey, with sides of at least 4
     * @param interval between them, at most a second
     * @throws SourceException if the file cannot be written
     */
    public static void write(Path file, FrameShape shape, List<Pixels> pictures, Duration interval) {
        var unused = write(
                file,
                shape,
                SCALE,
                interval,
                pictures.size(),
                BITS_PER_PIXEL,
                index -> pictures.get(index).toByteArray());
    }

    /**
     * Encodes a video.
     *
     * @param shape of its pictures
     * @param scale how many pixels wide and high each of theirs becomes
     * @param count how many pictures
     * @param bitsPerPixel of the encoded video
     * @param picture H x W x C bytes of the picture of a number
     * @return the name of its codec
     * @throws SourceException if the file cannot be written
     */
    public static String write(
            Path file,
            FrameShape shape,
            int scale,
            Duration interval,
            int count,
            double bitsPerPixel,
            IntFunction<byte[]> picture) {
        Ffmpeg.load();
        boolean h264 = avcodec_find_encoder_by_name(H264) != null;
        try (var recorder =
                new FFmpegFrameRecorder(InputAddress.of(file), scale * shape.width(), scale * shape.height(), 0)) {
            double rate = MICROS / Math.max(1, Math.min(MICROS, interval.toNanos() / 1000.0));
            recorder.setFormat("mp4");
            recorder.setOption("movflags", "+faststart"); // the index first, so that players begin at once
            if (h264) {
                recorder.setVideoCodecName(H264);
            } else {
                recorder.setVideoCodec(AV_CODEC_ID_MPEG4);
            }
            recorder.setPixelFormat(AV_PIX_FMT_YUV420P);
            recorder.setImageScalingFlags(SWS_POINT);
            recorder.setFrameRate(rate);
            recorder.setGopSize((int) Math.max(1, rate));
            recorder.setVideoBitrate(
                    (int) Math.round(bitsPerPixel * rate * scale * scale * shape.width() * shape.height()));
            recorder.setVideoOption("threads", "1");
            recorder.start();
            for (int index = 0; index < count; index++) {
                record(recorder, shape, picture.apply(index));
            }
            recorder.stop();
        } catch (FrameRecorder.Exception failure) {
            throw new SourceException(
                    Reason.UNSUPPORTED,
                    "video '" + file + "' could not be written (" + failure.getMessage() + "): " + wayOut(file),
                    failure);
        }
        return h264 ? "h264" : "mpeg4";
    }

    private static String wayOut(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || Files.isDirectory(file)) {
            return "it is a folder; give the name of a file";
        }
        if (!Files.isDirectory(folder)) {
            return "there is no folder '" + folder + "'; make it, or give another";
        }
        if (!Files.isWritable(Files.exists(file) ? file : folder)) {
            return "this user may not write there; give another folder";
        }
        return "give a folder with room for it";
    }

    private static void record(FFmpegFrameRecorder recorder, FrameShape shape, byte[] picture)
            throws FFmpegFrameRecorder.Exception {
        recorder.recordImage(
                shape.width(),
                shape.height(),
                Frame.DEPTH_UBYTE,
                shape.channels(),
                shape.width() * shape.channels(),
                shape.channels() == 1 ? AV_PIX_FMT_GRAY8 : AV_PIX_FMT_RGB24,
                ByteBuffer.wrap(picture));
    }
}
