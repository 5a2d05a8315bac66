package io.framecast.preview;

import io.framecast.export.ImageFile;
import io.framecast.export.PixelImage;
import io.framecast.forecast.Forecast;
import io.framecast.forecast.LatencyStamps;
import io.framecast.forecast.ModelVersion;
import io.framecast.forecast.Origin;
import io.framecast.frame.CameraId;
import io.framecast.frame.CameraPicture;
import io.framecast.frame.CameraState;
import io.framecast.frame.CameraStatus;
import io.framecast.frame.ClockSource;
import io.framecast.frame.EncodedImage;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameId;
import io.framecast.frame.FrameShape;
import io.framecast.frame.FrameTime;
import io.framecast.frame.Pixels;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/** A bright disc that crosses a dim hill every few seconds, and forecasts that know so but expect to be off. */
public final class MovingScene {
    static final Duration INTERVAL = Duration.ofMillis(100);

    private static final int SIDE = FrameShape.STANDARD.width();

    private final CameraId camera;
    private final int hue;

    public MovingScene(String camera, int hue) {
        this.camera = new CameraId(camera);
        this.hue = hue;
    }

    public Frame frame(long sequence, Instant time) {
        return new Frame(
                camera,
                1,
                sequence,
                new FrameTime(time, ClockSource.ARRIVAL, OptionalLong.empty()),
                FrameShape.STANDARD,
                pixels(sequence));
    }

    public Forecast forecast(long sequence, Instant time) {
        return forecast(sequence, time, INTERVAL);
    }

    /** The same forecast, for moments that are further apart. */
    public Forecast forecast(long sequence, Instant time, Duration interval) {
        var frames = IntStream.rangeClosed(1, Forecast.HORIZON)
                .mapToObj(step -> pixels(sequence + step))
                .toList();
        return new Forecast(
                new Origin(camera, 1, sequence, time),
                new ModelVersion("moving-scene", "1"),
                10,
                interval,
                FrameShape.STANDARD,
                frames,
                IntStream.rangeClosed(1, Forecast.HORIZON)
                        .mapToObj(step -> step * 1e-4)
                        .toList(),
                Optional.of(new LatencyStamps(time, time.plusMillis(20), time.plusMillis(85))));
    }

    /**
     * The frame as a larger JPEG, 160 x 90: its colours are those of the frame on the whole, and it has a white edge.
     */
    public CameraPicture picture(long sequence, Instant time) {
        var image = new BufferedImage(160, 90, BufferedImage.TYPE_INT_RGB);
        var graphics = image.createGraphics();
        graphics.drawImage(PixelImage.of(frame(sequence, time)), 0, 0, 160, 90, null);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, 16, 90);
        graphics.dispose();
        return new CameraPicture(
                camera, new FrameId(1, sequence), time, 160, 90, EncodedImage.copyOf(ImageFile.jpeg(image)));
    }

    public CameraStatus status(CameraState state, String reason, Instant since) {
        return new CameraStatus(camera, state, since, Optional.empty(), 0, reason);
    }

    private Pixels pixels(long sequence) {
        var bytes = new byte[FrameShape.STANDARD.bytes()];
        double discX = (sequence * 1.5 + hue * 20) % (SIDE + 24) - 12;
        double discY = 26 + 8 * Math.sin(sequence / 9.0 + hue);
        for (int place = 0; place < SIDE * SIDE; place++) {
            int x = place % SIDE;
            int y = place / SIDE;
            double hill = 44 + 6 * Math.sin(x / 9.0 + hue);
            double cover = Math.max(0, Math.min(1, 8 - Math.hypot(x - discX, y - discY)));
            for (int channel = 0; channel < 3; channel++) {
                double sky = 110 + 60 * Math.sin(hue * 1.3 + channel * 2.1) - y;
                double ground = 46 + 18 * Math.sin(hue + channel) + (x + y) % 5 * 3;
                double behind = y > hill ? ground : sky;
                double disc = channel == 2 ? 90 : 235 - channel * 30;
                bytes[place * 3 + channel] = (byte) Math.round(behind + (disc - behind) * cover);
            }
        }
        return Pixels.copyOf(bytes);
    }
}
