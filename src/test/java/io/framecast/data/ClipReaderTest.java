package io.framecast.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.framecast.frame.CameraId;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.source.SourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read is on disk, and the same as if it were in memory. */
class ClipReaderTest {
    private static final FrameShape SHAPE = new FrameShape(16, 24, 3);

    @TempDir
    Path folder;

    private final List<String> warnings = new ArrayList<>();

    private ClipReader reader() {
        return new ClipReader(folder.resolve("frames"), warnings::add);
    }

    /** A recording whose time line breaks after each so many frames, and that may break off. */
    private record Broken(String name, int stretch, int length, boolean breaksOff) implements Recording {
        @Override
        public void read(Consumer<Frame> reader) {
            var places = new FramePlaces(new CameraId("cam"), 10);
            var bars = new MovingBar(name, SHAPE, 1, length);
            for (int i = 0; i < length; i++) {
                if (i % stretch == 0) {
                    places.gap();
                }
                reader.accept(places.next(SHAPE, bars.frame(i).pixels()));
            }
            if (breaksOff) {
                throw new SourceException(SourceException.Reason.LOST, "source " + name + " broke off");
            }
        }
    }

    @Test
    void clips_onDisk_areThoseInMemory() throws IOException {
        List<Recording> recordings = List.of(
                new MovingBar("bar", SHAPE, 2, 50),
                new Broken("stretches", 7, 30, false),
                new MovingBar("small", new FrameShape(8, 8, 3), 1, 9));
        List<Clip> stored = reader().clips(recordings);
        assertThat(stored).hasSize(3);
        for (int i = 0; i < stored.size(); i++) {
            Clip inMemory = Clip.of(recordings.get(i)).orElseThrow();
            assertThat(stored.get(i)).isEqualTo(inMemory);
            assertThat(stored.get(i).draw(4, 6, 6, 2, new Random(1)))
                    .isEqualTo(inMemory.draw(4, 6, 6, 2, new Random(1)));
            assertThat(stored.get(i).spread(4, 5)).isEqualTo(inMemory.spread(4, 5));
        }
        assertThat(stored.get(1).stretches()).extracting(List::size).containsExactly(7, 7, 7, 7, 2);
        assertThat(stored.get(0).stretches().get(0)).isInstanceOf(StoredFrames.class);
    }

    @Test
    void clips_areOnDiskWithoutLeavingAFile() throws IOException {
        ClipReader reader = reader();
        List<Clip> clips = reader.clips(List.of(new MovingBar("bar", SHAPE, 2, 50)));
        assertThat(reader.bytes()).isEqualTo(50L * SHAPE.bytes());
        try (var left = Files.list(folder.resolve("frames"))) {
            assertThat(left)
                    .as("the file has no name, so that no kill leaves it")
                    .isEmpty();
        }
        assertThat(clips.get(0).stretches().get(0)).hasSize(50);
    }

    @Test
    void sets_oneBreaksOff_isLeftOutAndTheOthersStayWhole() {
        List<TrainingSet> sets = reader().sets(List.of(
                new MovingBar("first", SHAPE, 1, 20),
                new Broken("gone", 100, 33, true),
                new MovingBar("last", SHAPE, 3, 20)));
        assertThat(sets).extracting(TrainingSet::name).containsExactly("first", "last");
        assertThat(sets.get(1))
                .isEqualTo(Clip.of(new MovingBar("last", SHAPE, 3, 20)).orElseThrow());
        assertThat(warnings).containsExactly("source gone broke off (left out)");
    }

    @Test
    void read_afterTheReaderWasInterrupted_goesOn() throws Exception {
        Clip clip = reader().clips(List.of(new MovingBar("bar", SHAPE, 2, 50))).get(0);
        var windows = CompletableFuture.supplyAsync(() -> {
            Thread.currentThread().interrupt(); // as a loader is when a stage of the training ends
            return clip.draw(5, 5, 5, 1, new Random(2));
        });
        assertThat(windows.get(10, TimeUnit.SECONDS)).hasSize(5);
        assertThat(clip.draw(5, 5, 5, 1, new Random(2))).hasSize(5);
    }

    @Test
    void clips_directoryThatCannotBe_isNamedWithAWayOut() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        var reader = new ClipReader(file.resolve("frames"), warnings::add);
        assertThatThrownBy(() -> reader.clips(List.of(new MovingBar("bar", SHAPE, 2, 5))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("frames cannot be kept in '" + file.resolve("frames") + "'")
                .hasMessageContaining("--data-dir");
    }

    @Test
    void read_framesThatSpanMappings_areWhole() {
        var file = FrameFile.create(folder);
        Pixels first = new MovingBar("bar", SHAPE, 2, 5).frame(0).pixels();
        Pixels second = new MovingBar("bar", SHAPE, 2, 5).frame(3).pixels();
        file.append(first);
        file.append(second);
        file.seal(1000);
        assertThat(file.frames(0, 2, SHAPE.bytes())).containsExactly(first, second);
        assertThatThrownBy(() -> file.frames(0, 2, SHAPE.bytes()).get(2)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
