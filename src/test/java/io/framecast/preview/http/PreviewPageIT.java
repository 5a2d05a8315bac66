package io.framecast.preview.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.framecast.forecast.ErrorMap;
import io.framecast.forecast.FrameSurprise;
import io.framecast.forecast.SurprisingStretch;
import io.framecast.frame.CameraId;
import io.framecast.preview.CameraViews;
import io.framecast.preview.MovingScene;
import io.framecast.preview.SceneFeed;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page in a real browser. Screenshots are left in {@code target/screenshots} to be looked at. */
@Tag("system")
@Timeout(120)
class PreviewPageIT {
    private static final String[] ONE = {"front-door"};
    private static final String[] EIGHT = {"front-door", "yard", "street", "lobby", "parking", "dock", "roof", "gate"};
    private static final ErrorMap HOT = new ErrorMap(2, 2, List.of(0, 0, 0, 180));
    private static final String PIXELS = "return document.querySelector('.picture').toDataURL()";

    @TempDir
    Path profile;

    private final CameraViews views = new CameraViews();
    private PreviewServer server;
    private Browser browser;

    @BeforeEach
    void start() throws Exception {
        server = serve(0, Optional.empty());
        browser = new Browser(profile);
        browser.screen(1440, 900, "light");
    }

    @AfterEach
    void stop() throws Exception {
        browser.close();
        server.close();
    }

    @Test
    void page_liveCamera_movesWithoutConsoleErrors() throws Exception {
        try (var feed = new SceneFeed(views, ONE)) {
            open("");
            awaitText(".state-words", "live");
            var first = pixels();
            await().until(() -> !pixels().equals(first));

            assertThat(feed).isNotNull();
            assertThat(text(".name")).isEqualTo("front-door");
            assertThat(text(".picture-age")).endsWith("ms");
            assertThat(text(".model")).isEqualTo("moving-scene 1");
            assertThat(text(".expected")).isEqualTo("2.2 · 3.2 · 5.7 %");
            assertThat(browser.console()).isEmpty();
        }
    }

    @Test
    void mode_switched_changesThePictureAndIsKept() throws Exception {
        playFrozen();
        open("");
        await().until(() -> text(".tag-ahead").startsWith("+"));
        scrub(20);
        var overlay = pixels();

        browser.run("document.querySelector('input[value=difference]').click()");
        await().until(() -> !pixels().equals(overlay));
        var difference = pixels();
        press("5");
        await().until(() -> !pixels().equals(difference) && !pixels().equals(overlay));
        press("2");
        await().until(() ->
                browser.run("return document.querySelector('.picture').width").asInt() == 128);

        open("");
        assertThat(browser.run("return document.querySelector('input[value=side]').checked")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void scrubber_moved_pausesAndShowsThatStep() throws Exception {
        playFrozen();
        open("");
        await().until(() -> text(".tag-ahead").startsWith("+"));

        scrub(12);
        awaitText(".readout", "+11 min");
        var near = pixels();
        scrub(32);
        awaitText(".readout", "+31 min");

        assertThat(pixels()).isNotEqualTo(near);
        assertThat(browser.run("return document.querySelector('.play').getAttribute('aria-label')")
                        .asText())
                .isEqualTo("Play the forecast of front-door");
    }

    @Test
    void forecast_whoseMomentsPass_isCountedFromNowAndGreyWhenOver() throws Exception {
        var scene = new MovingScene("front-door", 1);
        var interval = Duration.ofMillis(300);
        playFrozen();
        open("");
        press("2");
        await().until(() -> text(".readout").startsWith("+"));
        scrub(32);
        awaitText(".readout", "+31 min");
        views.accept(scene.forecast(12, Instant.now(), interval));
        await().until(() -> text(".readout").matches("\\+\\d\\.\\d s"));
        double first = seconds(text(".readout"));
        assertThat(first).isBetween(0.0, 9.6);
        assertThat(isGrey(0.5, 1)).as("ahead").isFalse();
        var strip = canvas(".strip");

        await().until(() -> seconds(text(".readout")) < first - 0.5);
        assertThat(canvas(".strip")).as("those over are grey").isNotEqualTo(strip);
        await().atMost(Duration.ofSeconds(30)).until(() -> text(".readout").endsWith(" ago"));
        await().until(() -> isGrey(0.5, 1));

        assertThat(text(".tag-ahead")).endsWith(" ago");
        assertThat(isGrey(0, 0.5)).as("the live picture").isFalse();
        Files.createDirectories(Path.of("target", "screenshots"));
        Files.write(Path.of("target", "screenshots", "over.png"), browser.screenshot());
        views.accept(scene.forecast(13, Instant.now(), interval));
        await().until(() -> text(".tag-ahead").startsWith("+"));
        assertThat(isGrey(0.5, 1)).as("a new one").isFalse();
    }

    @Test
    void loop_ofLiveCamera_showsNothingThatIsOver() throws Exception {
        try (var feed = new SceneFeed(views, ONE)) {
            open("");
            await().until(() -> text(".tag-ahead").startsWith("+2"));
            browser.run("window.seen = []; new MutationObserver(() =>"
                    + " window.seen.push(document.querySelector('.tag-ahead').textContent))"
                    + ".observe(document.querySelector('.tag-ahead'), {childList: true})");
            await().until(() -> browser.run("return ['+2', '+0'].every((begin) =>"
                            + " window.seen.some((words) => words.startsWith(begin)))")
                    .asBoolean());

            assertThat(feed).isNotNull();
            assertThat(browser.run("return window.seen.filter((words) => words.endsWith('ago')).join()")
                            .asText())
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"#%", "#%E0%A4%A", "#%zz", "#%00", "#nobody", "#front-door%", "#__proto__", "#<img>", "##"})
    void fragment_thatNamesNoCamera_showsThemAll(String fragment) throws Exception {
        try (var feed = new SceneFeed(views, "front-door", "yard")) {
            browser.open(server.address() + fragment);
            awaitText("#summary", "2 cameras, 2 live");
            await().until(() -> text(".tag-ahead").startsWith("+"));
            var first = pixels();
            await().until(() -> !pixels().equals(first));

            assertThat(feed).isNotNull();
            assertThat(browser.run("return document.querySelectorAll('.card.expanded').length")
                            .asInt())
                    .isZero();
            browser.run("document.querySelector('#camera-yard .expand').click()");
            assertThat(browser.run("return location.hash").asText()).isEqualTo("#yard");
            press("Escape");
            assertThat(browser.run("return document.querySelectorAll('.card.expanded').length")
                            .asInt())
                    .isZero();
            assertThat(browser.console()).isEmpty();
        }
    }

    @Test
    void fragment_escapedName_opensThatCamera() throws Exception {
        try (var feed = new SceneFeed(views, "front-door", "yard")) {
            open("#front%2Ddoor");
            await().until(() -> browser.run(
                            "return document.querySelector('#camera-front-door')?.classList.contains('expanded') ?? false")
                    .asBoolean());
            assertThat(feed).isNotNull();
        }
    }

    @Test
    void ages_browsersClockIsWrongAndSet_areRight() throws Exception {
        browser.runFirst("{ const real = Date.now; window.wrong = -864e5; Date.now = () => real() + window.wrong; }");
        try (var feed = new SceneFeed(views, ONE)) {
            open("");
            awaitText("#summary", "1 camera, 1 live");
            for (var wrong : new String[] {"-864e5", "36e5", "0", "-36e5"}) {
                browser.run("window.wrong = " + wrong + "; document.querySelector('.picture-age').textContent = ''");
                await().until(() -> !text(".picture-age").isEmpty());
                assertThat(text(".picture-age")).as(wrong).matches("\\d+ ms|\\d\\.\\d s");
                assertThat(text(".forecast-age")).as(wrong).matches("\\d+ ms|\\d\\.\\d s");
                assertThat(text(".tag-ahead")).as(wrong).startsWith("+");
                assertThat(text(".state-words")).as(wrong).isEqualTo("live");
            }
            assertThat(feed).isNotNull();
        }
    }

    @Test
    void state_ofAnotherName_isShownAsItComes() throws Exception {
        open("");
        var show = "const {Card} = await import(new URL('card.js', document.baseURI).href);"
                + "const card = new Card('gate', () => 1000, () => {});"
                + "document.getElementById('cameras').append(card.element);"
                + "card.showFrame({head: {timeMs: 900, width: 1, height: 1, channels: 3}, body: [9, 9, 9]});"
                + "card.update({id: 'gate', state: 'overloaded', since: '2026-01-01T12:00:00Z', stale: false, fps: 10,"
                + " expectedError: [], reason: 'fewer cameras would do'});"
                + "card.draw({time: 0, now: 1000, mode: 'overlay', columns: 16, lost: false}); card.showAges(1000);"
                + "return card.isLive";

        assertThat(browser.run("return (async () => {" + show + "})()").asBoolean())
                .isFalse();

        assertThat(text("#camera-gate .state-words")).startsWith("overloaded");
        assertThat(text("#camera-gate .stale-words"))
                .startsWith("Overloaded since")
                .endsWith(": fewer cameras would do");
        assertThat(browser.run("return getComputedStyle(document.querySelector('#camera-gate .stale-words')).display")
                        .asText())
                .isEqualTo("block");
        assertThat(browser.run("return getComputedStyle(document.querySelector('#camera-gate .picture')).filter")
                        .asText())
                .as("its pictures go on")
                .isEqualTo("none");
    }

    @Test
    void surprise_isDrawnOverTime_listedAndMarked() throws Exception {
        playFrozen();
        var camera = new CameraId("front-door");
        open("");
        await().until(() -> text(".tag-ahead").startsWith("+"));
        assertThat(label(".surprise-line")).endsWith("nothing stood out");
        var empty = canvas(".surprise-line");
        var begin = Instant.now().minusSeconds(30);
        for (int i = 0; i < 200; i++) {
            views.accept(surprise(camera, i, begin.plusMillis(100L * i), i < 150 ? 0.4 : 5));
        }
        await().until(() -> !canvas(".surprise-line").equals(empty));
        var before = canvas(".surprise-line");
        var live = pixels();

        var peak = begin.plusSeconds(15);
        views.accept(new SurprisingStretch(camera, 1, 150, peak, peak, false, 1, 5, peak, HOT));
        await().until(() -> browser.run("return document.querySelector('.card').classList.contains('surprised')")
                .asBoolean());
        views.accept(new SurprisingStretch(
                camera, 1, 150, peak, peak.plusMillis(2000), true, 20, 5, peak.plusMillis(300), HOT));
        views.accept(surprise(camera, 200, begin.plusSeconds(20), 0.3));

        await().until(() -> text(".moments").endsWith("for 2.1 s, 1 in 100,000"));
        assertThat(browser.run("return document.querySelector('.card').classList.contains('surprised')")
                        .asBoolean())
                .isFalse();
        assertThat(label(".surprise-line")).contains("1 moment stood out, the last at ");
        assertThat(canvas(".surprise-line")).isNotEqualTo(before);
        press("4");
        await().until(() -> !pixels().equals(live));
        assertThat(browser.run("return document.querySelector('input[value=surprise]').checked")
                        .asBoolean())
                .isTrue();
        assertThat(browser.console()).isEmpty();
    }

    private static FrameSurprise surprise(CameraId camera, long sequence, Instant time, double surprise) {
        return new FrameSurprise(camera, 1, sequence, time, "front-door/1/0/m", 1, surprise, surprise, HOT, HOT);
    }

    @Test
    void camera_lost_isGreyAndSaysSinceWhenAndWhy() throws Exception {
        try (var feed = new SceneFeed(views, "front-door", "yard")) {
            open("");
            await().until(() -> text("#summary").equals("2 cameras, 2 live"));

            feed.loseLast("connection refused");

            await().until(() -> text("#camera-yard .stale-words").matches("Gone since .*: connection refused"));
            awaitText("#summary", "2 cameras, 1 live");
            assertThat(browser.run("return getComputedStyle(document.querySelector('#camera-yard .picture')).filter")
                            .asText())
                    .contains("grayscale(1)");
            assertThat(text("#camera-yard .state-words")).startsWith("gone");
            assertThat(text("#camera-front-door .stale-words")).isEmpty();
        }
    }

    @Test
    void server_gone_pageSaysSoAndComesBack() throws Exception {
        try (var feed = new SceneFeed(views, ONE)) {
            open("");
            awaitText("#summary", "1 camera, 1 live");
            int port = server.address().getPort();

            server.close();
            awaitText("#summary", "Not connected");
            awaitText(".stale-words", "Not connected");

            server = serve(port, Optional.empty());
            awaitText("#summary", "1 camera, 1 live");
            assertThat(feed).isNotNull();
        }
    }

    @Test
    void token_inAddress_opensThePageAndLeavesTheAddress() throws Exception {
        server.close();
        server = serve(0, Optional.of("s3cret"));
        try (var feed = new SceneFeed(views, ONE)) {
            open("?token=s3cret");
            awaitText("#summary", "1 camera, 1 live");

            assertThat(feed).isNotNull();
            assertThat(browser.run("return location.href").asText()).doesNotContain("s3cret");
        }
    }

    @ParameterizedTest
    @CsvSource({"390,844,dark,1", "390,844,light,8", "1440,900,dark,8", "1440,900,light,1", "320,640,light,1"})
    void layout_anyScreen_hasNoHorizontalScrollAndDoesNotShift(int width, int height, String scheme, int cameras)
            throws Exception {
        browser.screen(width, height, scheme);
        try (var feed = new SceneFeed(views, cameras == 1 ? ONE : EIGHT)) {
            open("");
            await().until(() -> text("#summary").endsWith(cameras + " live"));
            await().until(() -> text(".tag-ahead").startsWith("+1"));
            Files.createDirectories(Path.of("target", "screenshots"));
            Files.write(
                    Path.of("target", "screenshots", width + "-" + scheme + "-" + cameras + ".png"),
                    browser.screenshot());

            assertThat(feed).isNotNull();
            assertThat(browser.run("return document.documentElement.scrollWidth")
                            .asInt())
                    .isLessThanOrEqualTo(width);
            var cardHeight = "return document.querySelector('.card').offsetHeight";
            int before = browser.run(cardHeight).asInt();
            await().until(() -> text(".tag-ahead").startsWith("+2"));
            assertThat(browser.run(cardHeight).asInt()).isEqualTo(before);
        }
    }

    private PreviewServer serve(int port, Optional<String> token) {
        return PreviewServer.start(
                new HttpConfig("127.0.0.1", port, token), views, Health.READY, () -> "", any -> new byte[0]);
    }

    private void open(String path) throws Exception {
        browser.open(URI.create(server.address() + path));
    }

    /** One frame and one forecast that stay, on a camera so slow that they are live. */
    private void playFrozen() {
        var scene = new MovingScene("front-door", 1);
        var now = Instant.now();
        views.accept(scene.frame(10, now.minusSeconds(60)));
        views.accept(scene.frame(11, now));
        views.accept(scene.forecast(11, now, Duration.ofMinutes(1)));
    }

    private void scrub(int step) {
        browser.run("const slider = document.querySelector('.slider'); slider.value = " + step
                + "; slider.dispatchEvent(new Event('input'))");
    }

    private void press(String key) {
        browser.run("document.dispatchEvent(new KeyboardEvent('keydown', {key: '" + key + "'}))");
    }

    private void awaitText(String selector, String wanted) {
        await().untilAsserted(() -> assertThat(text(selector)).isEqualTo(wanted));
    }

    private String text(String selector) {
        return browser.run("return document.querySelector('" + selector + "')?.textContent ?? ''")
                .asText();
    }

    private String canvas(String selector) {
        return browser.run("return document.querySelector('" + selector + "').toDataURL()")
                .asText();
    }

    private String label(String selector) {
        return browser.run("return document.querySelector('" + selector + "').getAttribute('aria-label')")
                .asText();
    }

    /** Of words such as "+1.2 s". */
    private static double seconds(String words) {
        return words.startsWith("+") ? Double.parseDouble(words.substring(1, words.indexOf(' '))) : 0;
    }

    /** Whether a part of the picture has no colours, from a share of its width up to another. */
    private boolean isGrey(double from, double to) {
        return browser.run("const canvas = document.querySelector('.picture'); const w = canvas.width;"
                        + "const p = canvas.getContext('2d').getImageData(w * " + from + ", 0, w * " + (to - from)
                        + ", canvas.height).data;"
                        + "for (let i = 0; i < p.length; i += 4) if (p[i] !== p[i + 1] || p[i] !== p[i + 2]) return false;"
                        + "return true")
                .asBoolean();
    }

    private String pixels() {
        return browser.run(PIXELS).asText();
    }
}
