package io.framecast.source.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.framecast.frame.ClockSource;
import io.framecast.frame.Frame;
import io.framecast.frame.Pixels;
import io.framecast.source.Pace;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceSpec;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SceneSourceTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final SourceConfig MAX = SourceConfig.defaults().withPace(Pace.MAX);

    private static List<Frame> first(int count, String scene, SourceConfig config) {
        return FrameSources.open(SourceSpec.parse(scene), config)
                .frames()
                .take(count)
                .collectList()
                .blockOptional(LIMIT)
                .orElseThrow();
    }

    private static double difference(Pixels one, Pixels other) {
        var total = 0.0;
        for (var index = 0; index < one.size(); index++) {
            total += Math.abs(one.at(index) - other.at(index));
        }
        return total / one.size();
    }

    @ParameterizedTest
    @ValueSource(strings = {"test:street", "test:shapes", "test:still", "test:surprise"})
    void frames_sameScene_areTheSameEveryTime(String scene) {
        var one = first(40, scene, MAX);
        var other = first(40, scene, MAX);

        assertThat(one)
                .extracting(Frame::pixels)
                .isEqualTo(other.stream().map(Frame::pixels).toList());
        assertThat(one).extracting(frame -> frame.time().clock()).containsOnly(ClockSource.MEDIA);
        assertThat(one).extracting(frame -> frame.time().pts().orElseThrow()).startsWith(0L, 100_000L, 200_000L);
    }

    @Test
    void frames_surprise_areTheStreetExceptWhileTheBalloonIsThere() {
        var street = first(340, "test:street", MAX);
        var surprise = first(340, "test:surprise", MAX);

        for (int index = 0; index < 340; index++) {
            double difference =
                    difference(street.get(index).pixels(), surprise.get(index).pixels());
            if (index < 300 || index >= 330) {
                assertThat(difference).as("frame " + index).isZero();
            } else {
                assertThat(difference).as("frame " + index).isGreaterThan(1);
            }
        }
    }

    @Test
    void frames_still_neverChange() {
        assertThat(first(50, "test:still", MAX).stream().map(Frame::pixels).distinct())
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"test:street", "test:shapes"})
    void frames_movingScene_moveAllTheTimeButSmoothly(String scene) {
        var frames = first(300, scene, MAX);

        for (var index = 1; index < frames.size(); index++) {
            var change =
                    difference(frames.get(index - 1).pixels(), frames.get(index).pixels());
            assertThat(change).isBetween(0.02, 25.0);
        }
    }

    @Test
    void frames_street_neverRepeats() {
        assertThat(first(600, "test:street", MAX.withFps(2)).stream()
                        .map(Frame::pixels)
                        .distinct())
                .hasSize(600);
    }

    @Test
    void frames_otherRate_showTheSameMoments() {
        var ten = first(21, "test:street", MAX);
        var five = first(11, "test:street", MAX.withFps(5));

        assertThat(five.get(10).pixels()).isEqualTo(ten.get(20).pixels());
    }

    @Test
    void frames_realtime_comeAtTheirRate() {
        var began = System.nanoTime();

        assertThat(first(11, "test:shapes", SourceConfig.defaults())).hasSize(11);
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(Duration.ofMillis(950), Duration.ofMillis(2500));
    }

    @Test
    void scene_unknown_isRefusedNamingThoseThereAre() {
        assertThatThrownBy(() -> SourceSpec.parse("test:moon"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'test:moon'")
                .hasMessageContaining("test:street, test:shapes, test:still");
    }
}
