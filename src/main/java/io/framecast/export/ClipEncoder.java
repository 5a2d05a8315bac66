package io.framecast.export;

import io.framecast.forecast.Forecast;
import java.io.IOException;

/** Turns a forecast into a clip that players play; implemented where there is a video encoder. */
@FunctionalInterface
public interface ClipEncoder {
    /**
     * Encodes the frames of a forecast at their own pace.
     *
     * @return an mp4 file
     * @throws IOException if it cannot be encoded
     */
    byte[] mp4(Forecast forecast) throws IOException;
}
