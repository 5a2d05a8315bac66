package io.framecast.export;

import io.framecast.source.SourceException;
import io.framecast.source.ffmpeg.Mp4File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes the preview's clips with the encoder that the sources bring along. */
public final class Mp4Clips implements ClipEncoder {
    @Override
    public byte[] mp4(Video video) throws IOException {
        Path file = Files.createTempFile("framecast-clip", ".mp4");
        try {
            var unused = Mp4File.write(
                    file,
                    video.shape(),
                    video.scale(),
                    video.interval(),
                    video.count(),
                    video.bitsPerPixel(),
                    video.picture());
            return Files.readAllBytes(file);
        } catch (SourceException e) {
            throw new IOException(e.getMessage(), e);
        } finally {
            Files.delete(file);
        }
    }
}
