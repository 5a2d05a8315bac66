package io.framecast.source.reader;

import io.framecast.frame.CameraPicture;
import io.framecast.frame.Frame;
import io.framecast.source.FullPicture;
import io.framecast.source.Session;
import io.framecast.source.ffmpeg.JpegFile;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * Makes JPEGs of some of the pictures that frames are made of: a few a second, of a camera one at a time, on one thread
 * for all cameras. Frames never wait for it: a picture is passed over while the one before is being made.
 */
final class PictureTap {
    /** The longest side of a picture, in pixels. */
    static final int LONGEST_SIDE = 640;

    /** The least time between pictures of a camera: five a second of ten frames, never more than seven. */
    private static final long GAP_NANOS = Duration.ofMillis(150).toNanos();

    private static final Logger log = LoggerFactory.getLogger(PictureTap.class);
    private static final Executor ENCODING = encoding();

    private final boolean isOn;
    private final AtomicBoolean isBusy = new AtomicBoolean();
    private final Sinks.Many<CameraPicture> pictures = Sinks.many().multicast().directBestEffort();
    private long last = System.nanoTime() - GAP_NANOS;

    /** @param isOn whether pictures are made at all */
    PictureTap(boolean isOn) {
        this.isOn = isOn;
    }

    /** The pictures, for those who watch at that moment; one who asks too slowly misses some. */
    Flux<CameraPicture> pictures() {
        return pictures.asFlux();
    }

    /**
     * Takes the picture that a frame was made of, if it is time for one. Called by the thread that reads the session.
     */
    void offer(Session session, Frame frame) {
        long now = System.nanoTime();
        if (!isOn || now - last < GAP_NANOS || !isBusy.compareAndSet(false, true)) {
            return;
        }
        last = now;
        try {
            var full = session.fullPicture(LONGEST_SIDE);
            ENCODING.execute(() -> encode(full, frame));
        } catch (RuntimeException failed) {
            isBusy.set(false);
            log.debug("no picture of {}", frame.camera(), failed);
        }
    }

    private void encode(FullPicture full, Frame frame) {
        try (full) {
            var shape = full.shape();
            var jpeg = JpegFile.encode(shape, full.pixels());
            pictures.tryEmitNext(new CameraPicture(
                    frame.camera(), frame.id(), frame.captureTime(), shape.width(), shape.height(), jpeg));
        } catch (RuntimeException failed) { // the frames go on, and views show those
            log.debug("no picture of {}", frame.camera(), failed);
        } finally {
            isBusy.set(false);
        }
    }

    private static Executor encoding() {
        var thread = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            var encoder = new Thread(task, "pictures");
            encoder.setDaemon(true);
            return encoder;
        });
        thread.allowCoreThreadTimeOut(true);
        return thread;
    }
}
