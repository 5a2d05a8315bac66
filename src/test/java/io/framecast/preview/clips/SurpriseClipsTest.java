package io.framecast.preview.clips;

import static io.framecast.preview.history.Scene.CAMERA;
import static io.framecast.preview.history.Scene.stretch;
import static io.framecast.preview.history.Scene.time;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.framecast.export.ClipEncoder;
import io.framecast.export.Mp4Clips;
import io.framecast.export.Video;
import io.framecast.preview.clips.SurpriseClips.Result;
import io.framecast.preview.history.CameraHistories;
import io.framecast.preview.history.Scene;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SurpriseClipsTest {
    private final CameraHistories histories = new CameraHistories(Scene.BEGIN);
    private final List<Result> results = new CopyOnWriteArrayList<>();
    private final List<Video> videos = new CopyOnWriteArrayList<>();

    @TempDir
    Path directory;

    private ClipFolder folder;

    @BeforeEach
    void begin() {
        folder = new ClipFolder(directory.resolve("clips"), 10);
    }

    @Test
    void stretch_ended_isAClipFromFiveSecondsBeforeToItsEnd() throws IOException {
        play(0, 30);
        histories.accept(Scene.surprise(12, 6.25));
        try (SurpriseClips clips = clips(new Mp4Clips(), SurpriseClips.LONGEST)) {
            clips.accept(stretch(10, 10, false));
            clips.accept(stretch(10, 13, true));
            await().until(() -> results.equals(List.of(Result.KEPT)));

            KeptClip kept = folder.find(CAMERA, time(10)).orElseThrow();
            assertThat(kept.length()).isEqualTo(Duration.ofSeconds(9));
            assertThat(kept.peak()).isEqualTo(6.25);
            byte[] mp4 = folder.read(kept).orElseThrow();
            assertThat(new String(mp4, 4, 4, StandardCharsets.US_ASCII)).isEqualTo("ftyp");
            assertThat(mp4.length).isGreaterThan(1000).isLessThan((int) ClipFolder.CLIP_BYTES);

            clips.accept(stretch(10, 13, true));
            clips.accept(stretch(20, 21, true));
            await().until(() -> folder.of(CAMERA).size() == 2);
            assertThat(results).as("the same stretch again").containsExactly(Result.KEPT, Result.KEPT);
        }
    }

    @Test
    void stretch_goesOn_isKeptWhenItHasLastedLongEnough() throws IOException {
        play(0, 30);
        try (SurpriseClips clips = clips(this::encode, Duration.ofSeconds(1))) {
            clips.accept(stretch(10, 10, false));
            await().until(() -> results.equals(List.of(Result.KEPT)));

            assertThat(folder.of(CAMERA)).hasSize(1);
            assertThat(videos.get(0).count())
                    .as("5 s before, 1 s of it, 1 s after")
                    .isEqualTo(36);
            clips.accept(stretch(10, 28, true));
            clips.accept(stretch(29, 29.5, true));
            await().until(() -> folder.of(CAMERA).size() == 2);
            assertThat(results).containsExactly(Result.KEPT, Result.KEPT);
        }
    }

    @Test
    void stretch_ofWhichNothingIsKnown_isNoClip() throws IOException {
        play(0, 5);
        try (SurpriseClips clips = clips(this::encode, SurpriseClips.LONGEST)) {
            clips.accept(stretch(8, 9, true)); // 3 s before it are known, nothing of it
            clips.accept(stretch(4, 5, true));
            await().until(() -> results.equals(List.of(Result.KEPT)));

            assertThat(folder.of(CAMERA)).extracting(KeptClip::begin).containsExactly(time(4));
        }
    }

    @Test
    void encoder_fails_countsItAndGoesOn() throws IOException {
        play(0, 30);
        ClipEncoder broken = video -> {
            if (videos.isEmpty()) {
                videos.add(video);
                throw new IOException("no room");
            }
            return encode(video);
        };
        try (SurpriseClips clips = clips(broken, SurpriseClips.LONGEST)) {
            clips.accept(stretch(10, 11, true));
            clips.accept(stretch(20, 21, true));
            await().until(() -> results.equals(List.of(Result.FAILED, Result.KEPT)));

            assertThat(folder.of(CAMERA)).extracting(KeptClip::begin).containsExactly(time(20));
        }
    }

    @Test
    void stretches_tooManyAtOnce_areSkippedAndCounted() {
        try (SurpriseClips clips = clips(this::encode, SurpriseClips.LONGEST)) {
            for (int i = 0; i < 100; i++) {
                clips.accept(stretch(i, i, false));
            }

            assertThat(results).hasSize(36).containsOnly(Result.SKIPPED);
        }
    }

    private byte[] encode(Video video) {
        videos.add(video);
        return new byte[] {1};
    }

    private SurpriseClips clips(ClipEncoder encoder, Duration longest) {
        return new SurpriseClips(histories, folder, encoder, results::add, longest);
    }

    private void play(int from, int to) {
        for (int i = from * 10; i <= to * 10; i++) {
            if (i % 5 == 0) {
                histories.accept(Scene.forecast(i / 10.0, 120));
            }
            histories.accept(Scene.frame(i / 10.0, i % 256));
        }
    }
}
