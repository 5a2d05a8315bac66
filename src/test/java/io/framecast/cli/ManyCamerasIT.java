package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.framecast.source.RtspServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many cameras in one process, most of which do not answer: they hold up neither the others nor the end. */
@Tag("system")
class ManyCamerasIT {
    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final Duration LONGEST_END = Duration.ofSeconds(10);
    private static final int SILENT = 60;
    private static final int REFUSED = 60;

    @TempDir
    Path folder;

    @Test
    void cameras_silentAndRefused_areEachToldOnce_andHoldUpNeitherOthersNorTheEnd() throws IOException {
        int nobody = RtspServer.freePort();
        try (var silent = new ServerSocket(0, 2 * SILENT, InetAddress.getLoopbackAddress())) {
            var arguments = new ArrayList<>(List.of("capture", "--kafka-port", "0", "--data-dir", "data"));
            for (int i = 0; i < SILENT; i++) {
                arguments.add("silent" + i + "=rtsp://127.0.0.1:" + silent.getLocalPort() + "/" + i);
            }
            for (int i = 0; i < REFUSED; i++) {
                arguments.add("refused" + i + "=rtsp://127.0.0.1:" + nobody + "/" + i);
            }
            arguments.add("street=test:street");
            try (var capture = FramecastProcess.start(folder, arguments.toArray(String[]::new))) {
                capture.line("camera +street is live", DEADLINE);
                await().atMost(DEADLINE).untilAsserted(() -> {
                    assertThat(told(capture, "silent\\d+", "did not answer within"))
                            .hasSize(SILENT);
                    assertThat(told(capture, "refused\\d+", "refused the connection"))
                            .hasSize(REFUSED);
                });
                assertThat(capture.output()).doesNotHaveDuplicates();
                capture.terminate();
                assertThat(capture.exitCode(LONGEST_END)).isZero();
                assertThat(capture.output()).anyMatch(line -> line.matches("street +\\d+ +[1-9]\\d* +[1-9].*none"));
            }
        }
    }

    private static List<String> told(FramecastProcess capture, String camera, String words) {
        return capture.output().stream()
                .filter(line -> line.matches("camera +" + camera + " is reconnecting: .*" + words + ".*"))
                .toList();
    }
}
