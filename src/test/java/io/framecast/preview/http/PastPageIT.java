package io.framecast.preview.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.framecast.export.Mp4Clips;
import io.framecast.forecast.ErrorMap;
import io.framecast.forecast.FrameSurprise;
import io.framecast.frame.CameraId;
import io.framecast.preview.CameraViews;
import io.framecast.preview.MovingScene;
import io.framecast.preview.SceneFeed;
import io.framecast.preview.clips.ClipFolder;
import io.framecast.preview.history.CameraHistories;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Looking back on the page in a real browser. Screenshots are left in {@code target/screenshots}. */
@Tag("system")
@Timeout(120)
class PastPageIT {
    private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";
    private static final String CLIP = "front-door.20260131T120000123Z.7200ms.512.mp4";

    @TempDir
    Path directory;

    private final Instant now = Instant.now();
    private final CameraViews views = new CameraViews();
    private final CameraHistories histories = new CameraHistories(now.minusSeconds(70));
    private PreviewServer server;
    private SceneFeed feed;
    private Browser browser;

    @BeforeEach
    void start() throws Exception {
        Path clips = Files.createDirectory(directory.resolve("clips"));
        Files.write(clips.resolve(CLIP), new byte[] {1, 2, 3});
        play();
        feed = new SceneFeed(views, "front-door", "yard");
        server = PreviewServer.start(
                new HttpConfig("127.0.0.1", 0, Optional.empty()),
                views,
                new Past(histories, PictureLookup.NONE, Optional.of(new ClipFolder(clips, 10))),
                Health.READY,
                () -> "",
                new Mp4Clips(),
                Optional.empty());
        browser = new Browser(Files.createDirectory(directory.resolve("profile")));
        browser.screen(1440, 900, "light");
    }

    /** A minute up to now, forecast from its fifth second on, and something unexpected in the middle. */
    private void play() {
        var scene = new MovingScene("front-door", 1);
        for (int i = 0; i <= 600; i++) {
            Instant time = now.minusMillis(60_000 - i * 100L);
            histories.accept(scene.frame(i, time));
            if (i >= 50 && i % 5 == 0) {
                histories.accept(scene.forecast(i, time));
            }
        }
        for (int i = 290; i <= 310; i++) {
            histories.accept(surprise(i, now.minusMillis(60_000 - i * 100L)));
        }
    }

    private static FrameSurprise surprise(int sequence, Instant time) {
        var camera = new CameraId("front-door");
        return new FrameSurprise(
                camera, 1, sequence, time, "front-door/1/290/m", 10, 5, 5, ErrorMap.none(), ErrorMap.none());
    }

    @AfterEach
    void stop() throws Exception {
        browser.close();
        server.close();
        feed.close();
    }

    @Test
    void bar_dragged_showsWhatWasSeenNextToItsForecast_andGoesBackToNow() throws Exception {
        open("#front-door");
        await().until(() -> text("#camera-front-door .tag-ahead").startsWith("in "));

        scrub(-20);

        await().until(() -> text(".expanded .tag-live").startsWith("Seen "));
        assertThat(text(".expanded .prefix") + text(".expanded .tag-ahead"))
                .matches("Forecast (0\\.[89]|1\\.[012]) s before");
        assertThat(text(".expanded .past-words")).matches("2\\d\\.\\d s ago, \\d+:\\d\\d:\\d\\d, off by 0\\.\\d %");
        assertThat(browser.run("return getComputedStyle(document.querySelector('.expanded .ahead')).visibility")
                        .asText())
                .isEqualTo("hidden");
        String seen = canvas(".expanded .picture");
        assertThat(canvas(".expanded .next")).as("a perfect forecast").isEqualTo(seen);
        scrub(-25);
        await().until(() -> !canvas(".expanded .picture").equals(seen));
        assertThat(browser.run("return document.querySelector('.expanded .past-clip').getAttribute('href')")
                        .asText())
                .matches("cameras/front-door/clip\\.mp4\\?from=\\d+&to=\\d+");

        browser.run("document.querySelector('.expanded .past-live').click()");
        await().until(() -> text(".expanded .tag-live").equals("Now"));
        assertThat(text(".expanded .past-words")).isEqualTo("Now");
        assertThat(text(".expanded .prefix")).isEqualTo("Next: ");
        assertThat(browser.console()).isEmpty();
    }

    @Test
    void keys_goBackAndForth_andEscapeLeadsToNow() throws Exception {
        open("#front-door");
        await().until(() -> text(".expanded .tag-ahead").startsWith("in "));
        awaitHistory();

        for (int i = 0; i < 10; i++) {
            press("ArrowLeft");
        }
        await().until(() -> text(".expanded .tag-live").startsWith("Seen "));
        long ten = shownMs();
        press("ArrowRight");
        await().until(() -> shownMs() > ten);
        assertThat(shownMs() - ten).isBetween(150L, 250L);

        press("Escape");
        await().until(() -> text(".expanded .past-words").equals("Now"));
        assertThat(browser.run("return location.hash").asText()).isEqualTo("#front-door");
        press("Escape");
        assertThat(browser.run("return location.hash").asText()).isEmpty();
    }

    @Test
    void link_copied_opensThatMoment() throws Exception {
        browser.runFirst("navigator.clipboard.writeText = async (text) => { window.copied = text; }");
        open("#front-door");
        awaitHistory();
        scrub(-40);
        await().until(() -> text(".expanded .tag-live").startsWith("Seen "));
        long shown = shownMs();
        browser.run("document.querySelector('.expanded .past-copy').click()");
        await().until(() -> text(".expanded .past-copy").equals("Copied"));
        String link = browser.run("return window.copied").asText();
        assertThat(link).startsWith(server.address() + "#front-door@20");

        browser.open("about:blank");
        browser.open(link);

        await().until(() -> text(".expanded .tag-live").startsWith("Seen "));
        assertThat(shownMs()).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2020-01-31T12:00:00Z|and keeps nothing from before",
                "2999-01-31T12:00:00Z|goes back 5 minutes at most",
                "yesterday|The link does not name a moment",
                "|The link does not name a moment"
            })
    void link_toWhatIsNotKept_saysSoAndShowsNow(String moment, String words) throws Exception {
        open("#front-door@" + (moment == null ? "" : moment));

        await().until(() -> text(".expanded .past-note").contains(words));
        assertThat(text(".expanded .past-words")).isEqualTo("Now");
        assertThat(text(".expanded .past-note")).endsWith("You see the present.");
    }

    @Test
    void clips_kept_areListedWithTheirLinks() throws Exception {
        open("#front-door");
        await().until(() -> text(".expanded .kept-words").equals("1 clip of an unexpected moment"));

        browser.run("document.querySelector('.expanded .kept').open = true");
        assertThat(text(".expanded .kept-list")).contains("7.2 s, 1 picture in 130,000, download");
        assertThat(browser.run("return fetch(document.querySelector('.expanded .kept-list a').href)"
                                + ".then((answer) => answer.arrayBuffer()).then((bytes) => bytes.byteLength)")
                        .asInt())
                .isEqualTo(3);
        assertThat(browser.run("return document.querySelector('#camera-yard .kept').hidden")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void unexpectedMoment_ofThePast_isMarked_andALostCameraIsNotGreyThere() throws Exception {
        feed.loseLast("connection refused");
        open("#front-door");
        awaitHistory();

        scrub(secondsTo(now.minusSeconds(30)));

        await().until(() -> text(".expanded .past-words").contains("unexpected: 1 picture in 100,000"));
        await().until(() -> browser.run("return document.querySelector('.expanded').classList.contains('surprised')")
                .asBoolean());
        assertThat(browser.run("return getComputedStyle(document.querySelector('.expanded .picture')).filter")
                        .asText())
                .isEqualTo("none");
    }

    @Test
    void past_played_goesOnInRealTime() throws Exception {
        open("#front-door");
        awaitHistory();
        scrub(-30);
        await().until(() -> text(".expanded .tag-live").startsWith("Seen "));
        long begin = shownMs();

        browser.run("document.querySelector('.expanded .past-play').click()");
        await().until(() -> shownMs() - begin > 2000);
        browser.run("document.querySelector('.expanded .past-play').click()");
        await().pollDelay(Duration.ofMillis(300)).until(() -> true);
        long paused = shownMs();
        await().pollDelay(Duration.ofMillis(700)).until(() -> true);
        assertThat(shownMs()).isEqualTo(paused);
    }

    @ParameterizedTest
    @CsvSource({"320,640,light", "390,844,dark", "768,1024,light", "1440,900,dark", "2560,1300,light"})
    void layout_ofThePast_hasNoHorizontalScroll_andAxeFindsNothing(int width, int height, String scheme)
            throws Exception {
        browser.screen(width, height, scheme);
        open("#front-door");
        awaitHistory();
        scrub(-31);
        await().until(() -> text(".expanded .tag-live").startsWith("Seen "));

        Files.createDirectories(Path.of("target", "screenshots"));
        Files.write(Path.of("target", "screenshots", "past-" + width + "-" + scheme + ".png"), browser.screenshot());
        assertThat(browser.run("return document.documentElement.scrollWidth").asInt())
                .isLessThanOrEqualTo(width);
        assertThat(axe()).isEmpty();
    }

    private String axe() throws IOException {
        try (var source = PastPageIT.class.getResourceAsStream(AXE)) {
            browser.run(new String(requireNonNull(source).readAllBytes(), StandardCharsets.UTF_8));
        }
        return browser.run("return axe.run().then(({violations}) => violations.map((rule) => rule.id + ' ' +"
                        + " rule.nodes.map((node) => node.html + node.failureSummary).join()).join('; '))")
                .asText();
    }

    private void open(String fragment) throws Exception {
        browser.open(URI.create(server.address() + fragment));
        await().until(() -> browser.run("return document.querySelector('#camera-front-door.expanded') !== null")
                .asBoolean());
    }

    private void awaitHistory() {
        await().until(() -> text(".expanded .past-reach").startsWith("kept since"));
    }

    private double secondsTo(Instant then) {
        return Duration.between(Instant.now(), then).toMillis() / 1e3;
    }

    private void scrub(double seconds) {
        awaitHistory();
        browser.run("const slider = document.querySelector('.expanded .past-slider'); slider.value = " + seconds
                + "; slider.dispatchEvent(new Event('input'))");
    }

    /** The moment that is shown, as the link of its clip says. */
    private long shownMs() {
        return browser.run("return Number((document.querySelector('.expanded .past-clip').getAttribute('href')"
                        + ".match(/from=(\\d+)/) ?? [0, 0])[1])")
                .asLong();
    }

    private void press(String key) {
        browser.run("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: '" + key + "', bubbles: true}))");
    }

    private String text(String selector) {
        return browser.run("return document.querySelector('" + selector + "')?.textContent ?? ''")
                .asText();
    }

    private String canvas(String selector) {
        return browser.run("return document.querySelector('" + selector + "').toDataURL()")
                .asText();
    }
}
