package io.framecast.export;

import io.framecast.forecast.Forecast;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A forecast as the bytes of a file. */
public final class ForecastFiles {
    private static final byte[] NUMPY = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    private static final int ALIGNMENT = 64;

    private ForecastFiles() {}

    /** An animated GIF at the forecast's pace that repeats forever, each pixel as a square of 4 by 4. */
    public static byte[] gif(Forecast forecast) {
        return ForecastGif.of(forecast);
    }

    /** A PNG of all frames in a row, nearest first, pixel for pixel. */
    public static byte[] png(Forecast forecast) {
        return ImageFile.png(ForecastStrip.ROW.draw(forecast));
    }

    /** A numpy array of uint8, (T, H, W, C). */
    public static byte[] npy(Forecast forecast) {
        FrameShape shape = forecast.shape();
        var header = new StringBuilder("{'descr': '|u1', 'fortran_order': False, 'shape': ("
                + forecast.frames().size() + ", " + shape.height() + ", " + shape.width() + ", " + shape.channels()
                + "), }");
        while ((NUMPY.length + 2 + header.length() + 1) % ALIGNMENT != 0) {
            header.append(' ');
        }
        header.append('\n');
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(NUMPY);
        bytes.write(header.length());
        bytes.write(header.length() >> 8);
        bytes.writeBytes(header.toString().getBytes(StandardCharsets.US_ASCII));
        for (Pixels frame : forecast.frames()) {
            bytes.writeBytes(frame.toByteArray());
        }
        return bytes.toByteArray();
    }
}
