package io.framecast.source.ffmpeg;

import io.framecast.frame.LibraryLoading;
import io.framecast.source.SourceException;
import io.framecast.source.SourceException.Reason;
import java.nio.charset.StandardCharsets;
import org.bytedeco.ffmpeg.global.avdevice;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swresample;
import org.bytedeco.ffmpeg.global.swscale;

/** FFmpeg's native libraries, loaded once and silent: its log may hold passwords. */
public final class Ffmpeg {
    private Ffmpeg() {}

    /**
     * Loads them.
     *
     * @throws SourceException if this machine cannot
     */
    public static void load() {
        try {
            Loaded.touch();
        } catch (LinkageError missing) {
            throw new SourceException(
                    Reason.UNSUPPORTED,
                    "FFmpeg's native libraries cannot be loaded here: install glibc 2.35 or newer and libudev1, or use"
                            + " test:street, which needs none",
                    missing);
        }
    }

    /**
     * Loads what capture devices need besides; files and streams do without it.
     *
     * @throws SourceException if this machine cannot
     */
    static void loadDevices() {
        load();
        try {
            Devices.touch();
        } catch (LinkageError missing) {
            throw new SourceException(
                    Reason.UNSUPPORTED,
                    "capture devices cannot be read here: install libpulse0, libasound2, libxcb1 and libxcb-shm0;"
                            + " files and streams need none of them",
                    missing);
        }
    }

    /** FFmpeg's own words for an error. */
    public static String words(int error) {
        var text = new byte[128];
        avutil.av_strerror(error, text, text.length);
        var length = 0;
        while (length < text.length && text[length] != 0) {
            length++;
        }
        return new String(text, 0, length, StandardCharsets.UTF_8);
    }

    private static final class Loaded {
        static {
            // JavaCPP otherwise refuses to allocate once the process, models and all, passes four times the heap.
            if (System.getProperty("org.bytedeco.javacpp.maxPhysicalBytes") == null) {
                System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
            }
            synchronized (LibraryLoading.LOCK) {
                avutil.av_log_set_level(avutil.AV_LOG_QUIET);
                avformat.avformat_network_init();
                swscale.swscale_version();
                swresample.swresample_version();
            }
        }

        static void touch() {
            // The static block has done it.
        }
    }

    private static final class Devices {
        static {
            synchronized (LibraryLoading.LOCK) {
                avdevice.avdevice_register_all();
            }
        }

        static void touch() {
            // The static block has done it.
        }
    }
}
