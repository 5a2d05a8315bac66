package io.framecast.source.ffmpeg;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOInterruptCB;
import org.bytedeco.javacpp.Pointer;

/**
 * Lets FFmpeg ask, again and again while it blocks, whether to give up. One callback serves the whole process: JavaCPP
 * can hand ten of a type to native code, and the eleventh would be a null pointer, which never gives up.
 */
final class Interrupts {
    private static final Map<Long, Deadline> DEADLINES = new ConcurrentHashMap<>();
    private static final AtomicLong KEYS = new AtomicLong();
    /** Never collected: native code calls it. */
    private static final Callback CALLBACK = new Callback();

    private Interrupts() {}

    /**
     * Makes every blocking call on {@code context} end at {@code deadline}.
     *
     * @return the key to {@link #remove} it by, once the context is freed
     */
    static long add(AVFormatContext context, Deadline deadline) {
        var key = KEYS.incrementAndGet();
        DEADLINES.put(key, deadline);
        try (var interrupt = new AVIOInterruptCB();
                var opaque = new Key(key)) {
            context.interrupt_callback(interrupt.callback(CALLBACK).opaque(opaque));
        }
        return key;
    }

    static void remove(long key) {
        DEADLINES.remove(key);
    }

    /** A number where C has a pointer: FFmpeg hands it back, and nothing follows it. */
    private static final class Key extends Pointer {
        Key(long key) {
            address = key;
        }
    }

    private static final class Callback extends AVIOInterruptCB.Callback_Pointer {
        @Override
        public int call(Pointer opaque) {
            var deadline = DEADLINES.get(opaque.address());
            return deadline == null || deadline.over() ? 1 : 0;
        }
    }
}
