package io.framecast.preview.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.framecast.cli.FramecastProcess;
import io.framecast.forecast.Forecast;
import io.framecast.frame.Frame;
import io.framecast.source.Pace;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceSpec;
import io.framecast.source.reader.FrameSources;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The window on a real X server (Xvfb). Screenshots are left in {@code target/screenshots} to be looked at. */
@Tag("system")
@Timeout(180)
class PreviewWindowIT {
    private static final Duration DEADLINE = Duration.ofMinutes(1);
    private static final int PANE = 512;
    private static final int BAR_BEGINS = 4; // right of the line between the panes
    private static final Set<Integer> BAR = Set.of(0xFFB000, 0xB4B4B4); // to come, passed

    @TempDir
    Path folder;

    private Process server;
    private String display;

    @BeforeEach
    void startServer() throws Exception {
        server = new ProcessBuilder("Xvfb", "-displayfd", "1", "-screen", "0", "1100x600x24", "-nolisten", "tcp")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader said = server.inputReader();
        display = ":" + said.readLine();
    }

    @AfterEach
    void stopServer() throws InterruptedException {
        server.destroy();
        assertThat(server.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void window_showsPictureAndForecast_obeysItsKeys_andEndsTheRun() throws Exception {
        Frame still = FrameSources.open(
                        SourceSpec.parse("test:still"), SourceConfig.defaults().withPace(Pace.MAX))
                .frames()
                .next()
                .blockOptional(DEADLINE)
                .orElseThrow();
        try (var run = FramecastProcess.start(
                folder,
                Map.of("DISPLAY", display),
                "run test:still test:shapes --preview window --model persistence --no-pictures --kafka-port 0 --data-dir data --port 0"
                        .split(" "))) {
            run.line("forecast .*", DEADLINE);

            // n: the second camera is the still one; side by side, picture left and forecast right
            press("N");
            BufferedImage side = awaitScreenshot("window-side", image -> difference(image, 0, still) < 4);
            assertThat(difference(side, PANE, still))
                    .as("the forecast of a still picture")
                    .isLessThan(4);

            press("RIGHT"); // a step from 1 on is held, so that there is one before it
            int held = awaitRest("window-held");
            press("LEFT");
            awaitScreenshot("window-before", image -> step(image) == held - 1);
            press("RIGHT");
            awaitScreenshot("window-held", image -> step(image) == held);

            press("SPACE");
            awaitScreenshot("window-loop", image -> step(image) != held);

            // v: difference, one pane in the middle; of a picture that stays it is grey
            press("V");
            BufferedImage grey = awaitScreenshot("window-difference", image -> isGrey(image, PANE));
            assertThat(isBlack(grey, 20) && isBlack(grey, 2 * PANE - 20)).isTrue();

            press("Q");
            assertThat(run.exitCode(DEADLINE)).isZero();
            assertThat(run.errors()).isEmpty();
            assertThat(run.output()).anyMatch(line -> line.startsWith("still "));
        }
    }

    @FunctionalInterface
    private interface Wanted {
        boolean in(BufferedImage image);
    }

    private BufferedImage awaitScreenshot(String name, Wanted wanted) {
        var last = new ArrayList<BufferedImage>();
        await().atMost(DEADLINE).until(() -> {
            last.clear();
            last.add(screenshot(name));
            return wanted.in(last.get(0));
        });
        return last.get(0);
    }

    /** The step that is shown, as soon as it has stayed the same for two seconds. */
    private int awaitRest(String name) {
        var last = new ArrayList<Integer>();
        await().atMost(DEADLINE).pollInterval(Duration.ofSeconds(1)).until(() -> {
            last.add(step(screenshot(name)));
            return last.size() > 2
                    && Set.copyOf(last.subList(last.size() - 3, last.size())).size() == 1;
        });
        return last.get(last.size() - 1);
    }

    /** The step that the forecast's pane shows, from 0: the bar at its foot grows to the whole width with them. */
    private static int step(BufferedImage image) {
        int end = PANE + BAR_BEGINS;
        while (end < 2 * PANE && BAR.contains(image.getRGB(end, PANE - 1) & 0xFFFFFF)) {
            end++;
        }
        return (end - PANE) * Forecast.HORIZON / PANE - 1;
    }

    private BufferedImage screenshot(String name) throws Exception {
        Path file = Files.createDirectories(Path.of("target", "screenshots")).resolve(name + ".png");
        done(List.of(
                "ffmpeg",
                "-y",
                "-loglevel",
                "error",
                "-f",
                "x11grab",
                "-draw_mouse",
                "0",
                "-video_size",
                2 * PANE + "x" + PANE,
                "-i",
                display,
                "-frames:v",
                "1",
                file.toString()));
        return ImageIO.read(file.toFile());
    }

    private void press(String... keys) throws Exception {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                Path.of("target", "test-classes").toString(),
                WindowKeys.class.getName()));
        command.addAll(List.of(keys));
        done(command);
    }

    private void done(List<String> command) throws Exception {
        var builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put("DISPLAY", display);
        Process process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(() -> String.join(" ", command)).isZero();
    }

    /** The mean difference in levels between a pane and a frame, away from the pane's edges, where words stand. */
    private static double difference(BufferedImage image, int left, Frame frame) {
        int scale = PANE / frame.shape().width();
        long sum = 0;
        int places = 0;
        for (int row = 12; row < 52; row++) {
            for (int column = 12; column < 52; column++) {
                int rgb = image.getRGB(left + column * scale + scale / 2, row * scale + scale / 2);
                for (int channel = 0; channel < 3; channel++) {
                    int seen = rgb >> (16 - 8 * channel) & 0xFF;
                    sum += Math.abs(seen - frame.pixels().at((row * 64 + column) * 3 + channel));
                    places++;
                }
            }
        }
        return (double) sum / places;
    }

    /** Whether the middle is grey, with something in it. */
    private static boolean isGrey(BufferedImage image, int middle) {
        int brightest = 0;
        for (int row = 100; row < 400; row += 7) {
            for (int column = middle - 150; column < middle + 150; column += 7) {
                int rgb = image.getRGB(column, row);
                int red = rgb >> 16 & 0xFF;
                if (Math.abs(red - (rgb >> 8 & 0xFF)) > 2 || Math.abs(red - (rgb & 0xFF)) > 2) {
                    return false;
                }
                brightest = Math.max(brightest, red);
            }
        }
        return brightest > 40;
    }

    private static boolean isBlack(BufferedImage image, int column) {
        for (int row = 0; row < PANE; row += 5) {
            if ((image.getRGB(column, row) & 0xFFFFFF) != 0) {
                return false;
            }
        }
        return true;
    }
}
