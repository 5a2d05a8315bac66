package io.framecast.source.ffmpeg;

import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder_by_name;
import static org.bytedeco.ffmpeg.global.avutil.av_version_info;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What this machine has to read video with. */
public final class SourceDiagnosis {
    private static final List<String> USUAL = List.of("h264", "hevc", "mjpeg", "vp8", "vp9", "av1", "libdav1d");

    private SourceDiagnosis() {}

    /**
     * FFmpeg's version and the usual decoders it has.
     *
     * @throws LinkageError if its natives cannot be loaded on this machine
     */
    public static String codecs() {
        var version = av_version_info().getString();
        var found = USUAL.stream()
                .filter(name -> avcodec_find_decoder_by_name(name) != null)
                .collect(Collectors.joining(" "));
        return "FFmpeg " + version + ", decodes " + found;
    }

    /** The capture devices that are there. */
    public static String cameras() {
        try (Stream<Path> devices = Files.list(Path.of("/dev"))) {
            var cameras = devices.map(Path::toString)
                    .filter(name -> name.startsWith("/dev/video"))
                    .sorted()
                    .collect(Collectors.joining(" "));
            return cameras.isEmpty() ? "no capture device; streams, files and scenes work" : cameras;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list /dev", e);
        }
    }
}
