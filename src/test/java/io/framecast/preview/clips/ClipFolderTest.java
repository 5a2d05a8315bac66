package io.framecast.preview.clips;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.framecast.frame.CameraId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClipFolderTest {
    private static final CameraId FRONT = new CameraId("front");
    private static final Instant BEGIN = Instant.parse("2026-01-31T12:00:00.123Z");

    @TempDir
    Path directory;

    @Test
    void clip_added_isListedAndRead_alsoByAnotherProcess() throws IOException {
        KeptClip clip = clip("front", 0);
        new ClipFolder(directory.resolve("clips"), 3).add(clip, new byte[] {1, 2});

        var folder = new ClipFolder(directory.resolve("clips"), 3);
        assertThat(folder.of(FRONT)).containsExactly(clip);
        assertThat(folder.of(new CameraId("yard"))).isEmpty();
        assertThat(folder.find(FRONT, BEGIN)).contains(clip);
        assertThat(folder.find(FRONT, BEGIN.plusMillis(1))).isEmpty();
        assertThat(folder.read(clip)).hasValue(new byte[] {1, 2});
        assertThat(clip.fileName()).isEqualTo("front.20260131T120000123Z.7200ms.512.mp4");
    }

    @Test
    void clips_moreThanAllowed_theOldestGo() throws IOException {
        var folder = new ClipFolder(directory, 3);
        for (int i : new int[] {4, 1, 3, 0, 2}) {
            folder.add(clip(i % 2 == 0 ? "front" : "yard", i), new byte[1]);
        }

        assertThat(folder.of(FRONT)).containsExactly(clip("front", 4), clip("front", 2));
        assertThat(folder.of(new CameraId("yard"))).containsExactly(clip("yard", 3));
        assertThat(folder.read(clip("front", 0))).isEmpty();
    }

    @Test
    void clips_largerThanAllowed_theOldestGo() throws IOException {
        var folder = new ClipFolder(directory, 3);
        var large = new byte[(int) ClipFolder.CLIP_BYTES * 2];
        folder.add(clip("front", 0), large);
        folder.add(clip("front", 1), new byte[1]);
        folder.add(clip("front", 2), large);

        assertThat(folder.of(FRONT)).containsExactly(clip("front", 2), clip("front", 1));
    }

    @Test
    void clip_thatAKilledProcessWrote_isRemovedWithTheNext() throws IOException {
        Path unfinished = directory.resolve("front.20260131T120000123Z.7200ms.512.mp4.part");
        Files.write(unfinished, new byte[1]);
        Files.setLastModifiedTime(unfinished, FileTime.from(Instant.now().minusSeconds(3600)));
        Path beingWritten = directory.resolve("yard.20260131T120000123Z.7200ms.512.mp4.part");
        Files.write(beingWritten, new byte[1]);
        var folder = new ClipFolder(directory, 3);

        folder.add(clip("front", 1), new byte[1]);

        assertThat(unfinished).doesNotExist();
        assertThat(beingWritten).as("by another process").exists();
        assertThat(folder.of(FRONT)).containsExactly(clip("front", 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "notes.txt",
                "front.mp4",
                "notes.txt.part",
                "front.20269931T120000123Z.7200ms.512.mp4",
                "a b.20260131T120000123Z.7200ms.512.mp4"
            })
    void file_thatIsNoClip_isLeftAlone(String name) throws IOException {
        Files.write(directory.resolve(name), new byte[1]);
        var folder = new ClipFolder(directory, 1);
        folder.add(clip("front", 1), new byte[1]);

        assertThat(folder.of(FRONT)).containsExactly(clip("front", 1));
        assertThat(directory.resolve(name)).exists();
    }

    @Test
    void folder_notThere_hasNoClips_andIsMadeWithTheFirst() throws IOException {
        var folder = new ClipFolder(directory.resolve("none"), 1);

        assertThat(folder.of(FRONT)).isEmpty();
        assertThat(directory.resolve("none")).doesNotExist();
    }

    @Test
    void folder_isAFile_cannotBeWritten_andLeavesNothing() throws IOException {
        Path file = Files.write(directory.resolve("file"), new byte[1]);
        var folder = new ClipFolder(file, 1);

        assertThat(folder.of(FRONT)).isEmpty();
        assertThatThrownBy(() -> folder.add(clip("front", 0), new byte[1])).isInstanceOf(IOException.class);
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).containsExactly(file);
        }
    }

    private static KeptClip clip(String camera, int minute) {
        return new KeptClip(
                new CameraId(camera), BEGIN.plus(Duration.ofMinutes(minute)), Duration.ofMillis(7200), 5.12);
    }
}
