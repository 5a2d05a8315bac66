package io.framecast.source.ffmpeg;

import static org.bytedeco.ffmpeg.global.avutil.AV_FRAME_CROP_UNALIGNED;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_apply_cropping;

import io.framecast.source.Region;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** Cuts a region out of decoded pictures, without copying them. */
final class RegionCrop {
    private RegionCrop() {}

    /** Leaves of a picture what lies in a region of it as it is seen: at least a pixel. */
    static void cut(AVFrame frame, Region seen) {
        if (seen.equals(Region.WHOLE)) {
            return;
        }
        var region = Orientation.of(frame).decoded(seen);
        int left = start(frame.width(), region.left());
        int top = start(frame.height(), region.top());
        frame.crop_left(left).crop_right(rest(frame.width(), left, region.width()));
        frame.crop_top(top).crop_bottom(rest(frame.height(), top, region.height()));
        av_frame_apply_cropping(frame, AV_FRAME_CROP_UNALIGNED);
    }

    private static int start(int side, double share) {
        return Math.min(side - 1, (int) Math.round(side * share));
    }

    private static int rest(int side, int start, double share) {
        int kept = Math.max(1, (int) Math.round(side * share));
        return Math.max(0, side - start - kept);
    }
}
