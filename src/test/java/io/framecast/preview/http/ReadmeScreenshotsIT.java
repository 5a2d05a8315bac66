package io.framecast.preview.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.framecast.cli.FramecastProcess;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program in full, with an event that nothing announces: it is found, shown, and still known after a restart. The
 * pictures of the README come from here: {@code -Dscreenshots=docs} puts them there.
 */
@Tag("system")
@Timeout(300)
class ReadmeScreenshotsIT {
    private static final Duration DEADLINE = Duration.ofMinutes(2);

    /** When the scene's balloon is there: seconds of each cycle. */
    private static final long BALLOON_BEGINS = 30;

    private static final long BALLOON_ENDS = 33;
    private static final long CYCLE = 60;

    @TempDir
    Path folder;

    @Test
    void event_isFoundShownAndRemembered() throws Exception {
        try (var browser = new Browser(folder.resolve("profile"))) {
            browser.screen(1440, 900, "light");
            try (var run = start()) {
                URI page = page(run);
                browser.open(page.resolve("#surprise"));
                browser.run("document.querySelector('input[value=surprise]').click()");
                await().pollInterval(Duration.ofMillis(100)).atMost(DEADLINE).until(() -> isSurprised(browser));
                save(browser, "surprise");
                await().atMost(DEADLINE).until(() -> foundBalloon(run));
                browser.run("document.querySelector('input[value=side]').click()");
                browser.open(page);
                await().atMost(DEADLINE)
                        .until(() -> browser.run("return document.querySelector('.tag-ahead')?.textContent ?? ''")
                                .asText()
                                .equals("in 1.0 s"));
                save(browser, "preview");
                run.interrupt();
                assertThat(run.exitCode(DEADLINE)).isZero();
            }
            try (var again = start()) {
                browser.open(URI.create(page(again) + "#surprise"));
                await().atMost(DEADLINE)
                        .until(() -> browser.run(
                                        "return document.querySelector('#camera-surprise .moments')?.textContent ?? ''")
                                .asText()
                                .contains(" for "));
            }
        }
    }

    private FramecastProcess start() {
        return FramecastProcess.start(
                folder,
                "run test:surprise test:street test:shapes --kafka-port 0 --port 0 --data-dir data --fps 10"
                        .split(" "));
    }

    private static URI page(FramecastProcess run) {
        run.line("forecast .*", DEADLINE);
        return URI.create(run.line("preview +(http://\\S+)", DEADLINE).group(1));
    }

    private static boolean isSurprised(Browser browser) {
        return browser.run(
                        "return document.querySelector('#camera-surprise')?.classList.contains('surprised') ?? false")
                .asBoolean();
    }

    /** Whether a stretch has its peak while a balloon is there. */
    private boolean foundBalloon(FramecastProcess run) throws Exception {
        String kafka = run.line("kafka +(localhost:\\d+) .*", DEADLINE).group(1);
        try (var tail = FramecastProcess.start(
                folder, ("tail stretches --from-beginning --duration 3s --kafka " + kafka).split(" "))) {
            assertThat(tail.exitCode(DEADLINE)).isZero();
            for (JsonNode stretch : records(tail.output())) {
                // camera/epoch/sequence, the epoch in microseconds since 1970
                long epoch = Long.parseLong(stretch.get("id").asText().split("/", -1)[1]);
                Instant start = Instant.EPOCH.plusNanos(epoch * 1000);
                Instant peak = Instant.parse(stretch.get("peakTime").asText());
                double second = Duration.between(start, peak).toMillis() / 1000.0 % CYCLE;
                if (stretch.get("key").asText().equals("surprise")
                        && stretch.get("ended").asBoolean()
                        && second >= BALLOON_BEGINS - 0.2
                        && second <= BALLOON_ENDS + 1) {
                    return true;
                }
            }
            return false;
        }
    }

    private static List<JsonNode> records(List<String> lines) throws Exception {
        var records = new ArrayList<JsonNode>();
        for (String line : lines) {
            records.add(new ObjectMapper().readTree(line));
        }
        return records;
    }

    private static void save(Browser browser, String name) throws Exception {
        Path into = Files.createDirectories(Path.of(System.getProperty("screenshots", "target/screenshots")));
        Files.write(into.resolve(name + ".png"), browser.screenshot());
    }
}
