package io.framecast.export;

import io.framecast.forecast.Forecast;
import io.framecast.source.SourceException;
import io.framecast.source.ffmpeg.Mp4File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes the preview's clips with the encoder that the sources bring along. */
public final class ForecastClips implements ClipEncoder {
    @Override
    public byte[] mp4(Forecast forecast) throws IOException {
        Path file = Files.createTempFile("framecast-forecast", ".mp4");
        try {
            Mp4File.write(file, forecast.shape(), forecast.frames(), forecast.interval());
            return Files.readAllBytes(file);
        } catch (SourceException e) {
            throw new IOException(e.getMessage(), e);
        } finally {
            Files.delete(file);
        }
    }
}
