package io.framecast.train;

import com.google.protobuf.ByteString;
import io.framecast.train.proto.Event;
import io.framecast.train.proto.SessionLog;
import io.framecast.train.proto.Summary;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.zip.CRC32C;
import javax.imageio.ImageIO;

/**
 * One event file of TensorBoard: Protobuf messages as TFRecords, each its length, the length's checksum, the bytes and
 * their checksum (CRC-32C, masked as in tensorflow/core/lib/hash/crc32c.h). Every event is in the file at once.
 */
final class EventFile implements AutoCloseable {
    private static final int RGB = 3;
    private static final int MASK_DELTA = 0xa282ead8;

    private final Path file;
    private final Clock clock;
    private final OutputStream out;

    /**
     * Begins a new file in a run's folder.
     *
     * @param folder is made if it is not there
     * @param fromStep the step that is next: what earlier files have of it and later ones no longer counts
     * @throws UncheckedIOException if it cannot be written
     */
    EventFile(Path folder, int fromStep, Clock clock) {
        this.clock = clock;
        Instant now = clock.instant();
        file = folder.resolve("events.out.tfevents." + now.getEpochSecond() + "." + now.getNano() + ".framecast");
        try {
            Files.createDirectories(folder);
            out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw failed(e);
        }
        write(event(0).setFileVersion("brain.Event:2"));
        if (fromStep > 0) {
            write(event(fromStep).setSessionLog(SessionLog.newBuilder().setStatus(SessionLog.SessionStatus.START)));
        }
    }

    /** Writes a number. */
    void scalar(String tag, int step, double value) {
        write(event(step)
                .setSummary(Summary.newBuilder()
                        .addValue(Summary.Value.newBuilder().setTag(tag).setSimpleValue((float) value))));
    }

    /** Writes a picture, as PNG. */
    void image(String tag, int step, BufferedImage picture) {
        var png = new ByteArrayOutputStream();
        try {
            ImageIO.write(picture, "png", png);
        } catch (IOException e) {
            throw failed(e);
        }
        var image = Summary.Image.newBuilder()
                .setHeight(picture.getHeight())
                .setWidth(picture.getWidth())
                .setColorspace(RGB)
                .setEncodedImageString(ByteString.copyFrom(png.toByteArray()));
        write(event(step)
                .setSummary(Summary.newBuilder()
                        .addValue(Summary.Value.newBuilder().setTag(tag).setImage(image))));
    }

    private Event.Builder event(int step) {
        return Event.newBuilder().setWallTime(clock.millis() / 1e3).setStep(step);
    }

    private void write(Event.Builder event) {
        byte[] bytes = event.build().toByteArray();
        ByteBuffer record = ByteBuffer.allocate(8 + 4 + bytes.length + 4).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(bytes.length);
        record.putInt(maskedChecksum(record.array(), 8));
        record.put(bytes);
        record.putInt(maskedChecksum(bytes, bytes.length));
        try {
            out.write(record.array());
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static int maskedChecksum(byte[] bytes, int length) {
        var checksum = new CRC32C();
        checksum.update(bytes, 0, length);
        return Integer.rotateRight((int) checksum.getValue(), 15) + MASK_DELTA;
    }

    private UncheckedIOException failed(IOException e) {
        return new UncheckedIOException("cannot write the event file " + file, e);
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw failed(e);
        }
    }
}
