package io.framecast.preview.clips;

import io.framecast.export.Video;
import io.framecast.frame.FrameShape;
import io.framecast.preview.draw.MomentPicture;
import io.framecast.preview.history.Moment;
import java.awt.image.BufferedImage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** Moments of a camera as a video in real time: what was seen, next to what had been forecast. */
public final class MomentClip {
    private static final Duration INTERVAL = Duration.ofMillis(200);

    /** A moment is shown until the next, but no longer than this: then nothing was seen. */
    private static final Duration SHOWN = Duration.ofSeconds(2);

    private static final FrameShape SHAPE = new FrameShape(MomentPicture.HEIGHT, MomentPicture.WIDTH, 3);
    private static final double BITS_PER_PIXEL = 0.5;

    private MomentClip() {}

    /**
     * The video.
     *
     * @param moments at least one, in their order
     */
    public static Video of(List<Moment> moments) {
        var byTime = new TreeMap<Instant, Moment>();
        moments.forEach(moment -> byTime.put(moment.time(), moment));
        Instant begin = byTime.firstKey();
        int count = (int) Duration.between(begin, byTime.lastKey()).dividedBy(INTERVAL) + 1;
        return new Video(SHAPE, 1, INTERVAL, count, BITS_PER_PIXEL, number -> {
            Instant time = begin.plus(INTERVAL.multipliedBy(number));
            return rgb(MomentPicture.draw(time, shownAt(byTime, time)));
        });
    }

    private static Optional<Moment> shownAt(NavigableMap<Instant, Moment> moments, Instant time) {
        return Optional.ofNullable(moments.floorEntry(time))
                .map(Map.Entry::getValue)
                .filter(moment -> Duration.between(moment.time(), time).compareTo(SHOWN) <= 0);
    }

    private static byte[] rgb(BufferedImage image) {
        int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        var bytes = new byte[3 * pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            bytes[3 * i] = (byte) (pixels[i] >> 16);
            bytes[3 * i + 1] = (byte) (pixels[i] >> 8);
            bytes[3 * i + 2] = (byte) pixels[i];
        }
        return bytes;
    }
}
