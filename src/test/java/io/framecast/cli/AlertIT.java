package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.framecast.alert.Webhook;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServer;

/** A scene with a surprise, and somebody who wants to be told. */
@Tag("system")
class AlertIT {
    private static final Duration DEADLINE = Duration.ofMinutes(3);

    @TempDir
    Path folder;

    @Test
    void surprise_callsTheWebhook_signed() {
        List<String> alerts = new CopyOnWriteArrayList<>();
        var server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> request.receive()
                        .aggregate()
                        .asString()
                        .flatMap(body -> {
                            alerts.add(request.requestHeaders().get(Webhook.SIGNATURE) + " " + body);
                            return Mono.from(response.send());
                        }))
                .bindNow();
        try (var run = FramecastProcess.start(
                folder,
                Map.of("FRAMECAST_ALERT_SECRET", "hush"),
                ("run sky=test:surprise --model flow-fade --preview none --kafka-port 0 --data-dir data --alert-url"
                                + " http://127.0.0.1:" + server.port() + "/hook")
                        .split(" "))) {
            await().atMost(DEADLINE).until(() -> !alerts.isEmpty());
            assertThat(alerts.get(0)).matches("sha256=[0-9a-f]{64} \\{\"event\":\"surprise\",\"camera\":\"sky\",.*}");
            assertThat(run.errors()).isEmpty();
        } finally {
            server.disposeNow();
        }
    }
}
