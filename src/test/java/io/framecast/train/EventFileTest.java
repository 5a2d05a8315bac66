package io.framecast.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.hadoop.util.TFRecordReader;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.SessionLog;

/** Reads event files back with TensorFlow's own reader, checksums included, and its own messages. */
class EventFileTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-01T00:00:00.5Z"), ZoneOffset.UTC);

    @TempDir
    Path folder;

    @Test
    void scalarsAndPictures_areReadBackByTensorFlow() throws IOException {
        var picture = new BufferedImage(5, 3, BufferedImage.TYPE_INT_RGB);
        picture.setRGB(4, 2, 0x123456);
        try (var file = new EventFile(folder, 0, CLOCK)) {
            file.scalar("loss", 7, 0.25);
            file.image("forecast/clip", 8, picture);
        }
        List<Event> events = events(folder);
        assertThat(events).hasSize(3);
        assertThat(events.get(0).getFileVersion()).isEqualTo("brain.Event:2");
        assertThat(events.get(1).getWallTime()).isCloseTo(CLOCK.millis() / 1e3, within(1e-9));
        assertThat(events.get(1).getStep()).isEqualTo(7);
        assertThat(events.get(1).getSummary().getValue(0).getTag()).isEqualTo("loss");
        assertThat(events.get(1).getSummary().getValue(0).getSimpleValue()).isEqualTo(0.25f);
        var image = events.get(2).getSummary().getValue(0).getImage();
        assertThat(image.getWidth()).isEqualTo(5);
        assertThat(image.getHeight()).isEqualTo(3);
        BufferedImage read = ImageIO.read(
                new ByteArrayInputStream(image.getEncodedImageString().toByteArray()));
        assertThat(read.getRGB(4, 2) & 0xFFFFFF).isEqualTo(0x123456);
    }

    @Test
    void aResumedRun_saysThatLaterStepsNoLongerCount() throws IOException {
        try (var file = new EventFile(folder, 30, CLOCK)) {
            file.scalar("loss", 31, 1);
        }
        Event restart = events(folder).get(1);
        assertThat(restart.getSessionLog().getStatus()).isEqualTo(SessionLog.SessionStatus.START);
        assertThat(restart.getStep()).isEqualTo(30);
    }

    static List<Event> events(Path run) throws IOException {
        var events = new ArrayList<Event>();
        try (Stream<Path> files = Files.list(run)) {
            for (Path file : files.sorted().toList()) {
                try (var in = new DataInputStream(Files.newInputStream(file))) {
                    var reader = new TFRecordReader(in, true);
                    for (byte[] record = reader.read(); record != null; record = reader.read()) {
                        events.add(Event.parseFrom(record));
                    }
                }
            }
        }
        return events;
    }
}
