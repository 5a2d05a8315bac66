package io.framecast.preview.history;

import static io.framecast.preview.history.Scene.frame;
import static io.framecast.preview.history.Scene.time;
import static org.assertj.core.api.Assertions.assertThat;

import io.framecast.frame.CameraId;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CameraHistoriesTest {
    private final CameraHistories histories = new CameraHistories(Scene.BEGIN);

    @Test
    void camera_unknown_hasNoHistory() {
        histories.accept(Scene.forecast(0, 100));
        histories.accept(Scene.surprise(0, 1));

        assertThat(histories.of(Scene.CAMERA)).isEmpty();
        assertThat(histories.since()).isEqualTo(Scene.BEGIN);
    }

    @Test
    void camera_removed_isForgotten() {
        histories.accept(Scene.frame(0, 100));
        histories.accept(frame(new CameraId("yard"), 1, 0, 100));
        histories.remove("front");
        histories.remove("no/camera");

        assertThat(histories.of(Scene.CAMERA)).isEmpty();
        assertThat(histories.of(new CameraId("yard"))).isPresent();
    }

    @Test
    void cameras_sixteen_haveFiveMomentsASecondEach_moreHaveFewer() {
        play(16, 0, 10);
        assertThat(moments("camera-0", 0, 10)).hasSize(51);

        play(64, 10.1, 20);
        assertThat(moments("camera-0", 11, 19)).hasSizeBetween(9, 14);
        assertThat(moments("camera-63", 11, 19)).hasSizeBetween(9, 14);
    }

    @Test
    void cameras_moreThanCanBeKept_theOneSilentForLongestGoes() {
        for (int i = 0; i <= CameraHistories.MOST_CAMERAS; i++) {
            histories.accept(frame(new CameraId("camera-" + i), 1, i / 10.0, 100));
        }

        assertThat(histories.of(new CameraId("camera-0"))).isEmpty();
        assertThat(histories.of(new CameraId("camera-1"))).isPresent();
        assertThat(histories.of(new CameraId("camera-" + CameraHistories.MOST_CAMERAS)))
                .isPresent();
    }

    private void play(int cameras, double from, double to) {
        for (long i = Math.round(from * 10); i <= Math.round(to * 10); i++) {
            for (int camera = 0; camera < cameras; camera++) {
                histories.accept(frame(new CameraId("camera-" + camera), 1, i / 10.0, 100));
            }
        }
    }

    private List<Instant> moments(String camera, double from, double to) {
        return histories.of(new CameraId(camera)).orElseThrow().between(time(from), time(to)).stream()
                .map(Moment::time)
                .toList();
    }
}
