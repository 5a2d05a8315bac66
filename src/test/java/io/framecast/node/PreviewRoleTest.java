package io.framecast.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.framecast.preview.CameraViews;
import io.framecast.topic.KafkaConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PreviewRoleTest {
    @Test
    void nothingToRead_isToldInReadiness() {
        // A property that no client takes makes the reader fail at once, as a denied right would.
        var broken = new KafkaConnection("localhost:1", "framecast", Map.of("security.protocol", "SMOKE_SIGNALS"));
        try (var past = Pasts.withoutClips();
                var role = new PreviewRole(broken, new CameraViews(), past)) {
            assertThat(role.obstacle()).isEmpty();
            role.start();

            await().atMost(Duration.ofSeconds(10)).until(() -> role.obstacle().isPresent());
            assertThat(Readiness.obstacles(Optional.empty(), List.of(role), Optional.empty()))
                    .singleElement()
                    .satisfies(words -> assertThat(words).startsWith("preview: "));
        }
    }
}
