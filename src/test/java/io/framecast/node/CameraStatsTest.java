package io.framecast.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.framecast.frame.CameraId;
import io.framecast.frame.CameraState;
import io.framecast.frame.CameraStatus;
import io.framecast.source.SourceCounts;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CameraStatsTest {
    private static final CameraId DOOR = new CameraId("door");

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final CameraStats stats = new CameraStats(metrics);

    private double live() {
        return metrics.get("framecast.cameras").tag("state", "live").gauge().value();
    }

    private double up() {
        return metrics.get("framecast.camera.up").tag("camera", "door").gauge().value();
    }

    @Test
    void camera_thatIsLive_isUp_untilAnotherProcessHasIt() {
        stats.status(new CameraStatus(DOOR, CameraState.LIVE, Instant.EPOCH, Optional.empty(), 3, ""));

        assertThat(live()).isEqualTo(1);
        assertThat(up()).isEqualTo(1);
        assertThat(metrics.get("framecast.camera.reconnects").functionCounter().count())
                .isEqualTo(3);
        stats.left(DOOR);
        assertThat(live()).isZero();
        assertThat(metrics.find("framecast.camera.up").gauge())
                .as("neither up nor down")
                .isNull();
    }

    @Test
    void camera_thatIsPausedOrRemoved_isNeitherUpNorDown_alsoWhenAScoreOfItComesLate() {
        stats.status(new CameraStatus(DOOR, CameraState.LIVE, Instant.EPOCH, Optional.empty(), 0, ""));
        stats.status(new CameraStatus(DOOR, CameraState.PAUSED, Instant.EPOCH, Optional.empty(), 0, ""));
        assertThat(metrics.find("framecast.camera.up").gauge()).isNull();

        stats.status(new CameraStatus(DOOR, CameraState.RECONNECTING, Instant.EPOCH, Optional.empty(), 1, ""));
        assertThat(up()).isZero();
        stats.removed(DOOR);
        stats.status(new CameraStatus(DOOR, CameraState.LIVE, Instant.EPOCH, Optional.empty(), 0, ""));
        assertThat(metrics.find("framecast.camera.up").gauge()).isNull();
        stats.reads(DOOR, SourceCounts::none);
        stats.status(new CameraStatus(DOOR, CameraState.LIVE, Instant.EPOCH, Optional.empty(), 0, ""));
        assertThat(up()).isEqualTo(1);
    }
}
