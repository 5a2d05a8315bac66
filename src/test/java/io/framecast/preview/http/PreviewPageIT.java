package io.framecast.preview.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.framecast.forecast.ErrorMap;
import io.framecast.forecast.ForecastScore;
import io.framecast.forecast.FrameSurprise;
import io.framecast.forecast.Origin;
import io.framecast.forecast.RecentErrors;
import io.framecast.forecast.StepScore;
import io.framecast.forecast.SurprisingStretch;
import io.framecast.frame.CameraId;
import io.framecast.preview.CameraViews;
import io.framecast.preview.MovingScene;
import io.framecast.preview.SceneFeed;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
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
    private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";
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
            assertThat(text(".picture-age")).endsWith("s ago");
            assertThat(text(".model")).isEqualTo("moving-scene, version 1");
            assertThat(text(".expected")).isEqualTo("2.2 % at 0.5 s · 3.2 % at 1.0 s · 5.7 % at 3.2 s");
            assertThat(browser.console()).isEmpty();
        }
    }

    @Test
    void firstVisit_showsNowNextToTheForecastOfOneSecondAndSaysSo() throws Exception {
        try (var feed = new SceneFeed(views, ONE)) {
            open("");
            awaitText(".tag-ahead", "in 1.0 s");

            assertThat(feed).isNotNull();
            assertThat(isShown("#hint")).isTrue();
            assertThat(text("#hint-how")).startsWith("drag the slider");
            var edges = browser.run(
                    "return ['.picture', '.next'].flatMap((part) => {"
                            + "const box = document.querySelector(part).getBoundingClientRect(); return [box.left, box.right]})");
            assertThat(edges.get(1).asDouble())
                    .as("left of the forecast")
                    .isLessThan(edges.get(2).asDouble());
            assertThat(canvas(".next")).isNotEqualTo(pixels());
            browser.run("document.getElementById('hint-done').click()");
            assertThat(isShown("#hint")).isFalse();

            open("");
            awaitText(".tag-ahead", "in 1.0 s");
            assertThat(isShown("#hint")).as("on a second visit").isFalse();
        }
    }

    @Test
    void help_questionMark_explainsEveryFigureOfTheCard() throws Exception {
        playFrozen();
        open("");
        await().until(() -> text(".tag-ahead").startsWith("in "));

        press("?");

        assertThat(isShown("#help")).isTrue();
        var missing = "const known = document.getElementById('help-figures').textContent;"
                + "return [...document.querySelectorAll('.card [data-figure]')]"
                + ".filter((figure) => figure.title === '' || !known.includes(figure.title)).map((figure) => figure.textContent).join()";
        assertThat(browser.run(missing).asText()).isEmpty();
        press("2");
        assertThat(isShown("#help"))
                .as("keys are for the help while it is open")
                .isTrue();
        browser.run("document.querySelector('#help button').click()");
        assertThat(isShown("#help")).isFalse();
        assertThat(browser.run("return document.documentElement.dataset.mode").asText())
                .isEqualTo("side");
    }

    @ParameterizedTest
    @CsvSource({
        "0.3, 30 % closer to what came than repeating the last picture",
        "0, As close to what came as repeating the last picture",
        "-0.12, 12 % further from what came than repeating the last picture"
    })
    void verdict_ofSkill_isASentence(double skill, String words) throws Exception {
        playFrozen();
        views.accept(scored("front-door", skill));
        open("");

        await().until(() -> text(".verdict").startsWith(words + ", "));
    }

    @Test
    void verdict_withoutScores_saysWhenItComes() throws Exception {
        playFrozen();
        open("");

        await().until(() -> text(".verdict").startsWith("Not judged yet"));
    }

    @Test
    void empty_noCamera_saysWhatToRun() throws Exception {
        open("");

        awaitText("#summary", "0 cameras, 0 live");
        assertThat(isShown("#empty")).isTrue();
        assertThat(text("#empty")).contains("./framecast run");
        assertThat(isShown("#hint")).isFalse();
        assertThat(isShown("#sorting")).isFalse();
    }

    @Test
    void order_chosen_listsCamerasSo() throws Exception {
        try (var feed = new SceneFeed(views, "cam-10", "cam-2", "cam-1", "cam-3")) {
            open("");
            awaitText("#summary", "4 cameras, 4 live");
            assertThat(names()).isEqualTo("cam-1,cam-2,cam-3,cam-10");

            feed.loseLast("connection refused");
            order("trouble");
            await().until(() -> names().equals("cam-3,cam-1,cam-2,cam-10"));
            views.accept(surprise(new CameraId("cam-2"), 1, Instant.now(), 4));
            views.accept(surprise(new CameraId("cam-10"), 1, Instant.now(), 2));
            order("surprise");
            await().until(() -> names().equals("cam-2,cam-10,cam-1,cam-3"));

            open("");
            await().untilAsserted(
                            () -> assertThat(names()).as("on the next visit").isEqualTo("cam-2,cam-10,cam-1,cam-3"));
        }
    }

    @Test
    void trouble_amongMany_isNamedOnTopAndShownFirst() throws Exception {
        try (var feed = new SceneFeed(views, EIGHT)) {
            open("");
            awaitText("#summary", "8 cameras, 8 live");
            assertThat(isShown("#trouble")).isFalse();

            feed.loseLast("connection refused");

            awaitText("#trouble-words", "1 of 8 cameras needs attention: gate (no connection)");
            browser.run("document.getElementById('trouble-first').click()");
            await().until(() -> names().startsWith("gate,"));
            assertThat(browser.run("return document.getElementById('order').value")
                            .asText())
                    .isEqualTo("trouble");
        }
    }

    @Test
    void mode_switched_changesThePictureAndIsKept() throws Exception {
        playFrozen();
        open("");
        await().until(() -> text(".tag-ahead").startsWith("in "));
        scrub(20);
        var live = pixels();
        press("2");
        await().until(() -> !isShown(".next"));
        await().until(() -> !pixels().equals(live));
        var overlay = pixels();

        browser.run("document.querySelector('input[value=difference]').click()");
        await().until(() -> !pixels().equals(overlay));
        var difference = pixels();
        press("5");
        await().until(() -> !pixels().equals(difference) && !pixels().equals(overlay));
        press("6");
        await().until(() -> isShown(".next") && isShown(".model-note"));
        assertThat(text(".model-note")).startsWith("64 × 64 pixels on purpose");

        open("");
        assertThat(browser.run("return document.querySelector('input[value=model]').checked")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void picture_ofTheCamera_isShownAndOverlaidAndGivenUp() throws Exception {
        playFrozen();
        open("");
        awaitWidth(64);
        var scene = new MovingScene("front-door", 1);

        views.accept(scene.picture(11, Instant.now()));

        awaitWidth(160);
        assertThat(pixel(4, 45)).as("the picture's own white edge").isGreaterThan(240);
        assertThat(browser.run("const box = document.querySelector('.pane').getBoundingClientRect();"
                                + "return box.width / box.height")
                        .asDouble())
                .as("its proportions")
                .isCloseTo(160.0 / 90, within(0.02));
        press("2");
        await().untilAsserted(() -> assertThat(pixel(4, 45)).isBetween(130, 240));
        press("3");
        await().untilAsserted(() -> assertThat(pixel(4, 45)).isBetween(100, 150));
        press("6");
        awaitWidth(64);
        press("5");
        awaitWidth(160);

        views.accept(scene.frame(12, Instant.now().plusSeconds(60)));
        awaitWidth(64);
    }

    private void awaitWidth(int width) {
        await().until(() ->
                browser.run("return document.querySelector('.picture').width").asInt() == width);
    }

    /** How red a pixel of the picture is. */
    private int pixel(int x, int y) {
        return browser.run("return document.querySelector('.picture').getContext('2d').getImageData(" + x + ", " + y
                        + ", 1, 1).data[0]")
                .asInt();
    }

    @Test
    void scrubber_moved_showsThatStep() throws Exception {
        playFrozen();
        open("");
        await().until(() -> text(".tag-ahead").startsWith("in "));

        scrub(12);
        awaitText(".readout", "in 12 min");
        var near = canvas(".next");
        scrub(32);
        awaitText(".readout", "in 32 min");

        await().until(() -> !canvas(".next").equals(near));
        assertThat(label(".next")).isEqualTo("front-door: what it is expected to show in 32 min");
        assertThat(label(".play")).isEqualTo("Play the forecast of front-door");
    }

    @Test
    void forecast_whoseMomentsPass_isCountedFromNowAndGreyWhenOver() throws Exception {
        var scene = new MovingScene("front-door", 1);
        var interval = Duration.ofMillis(300);
        playFrozen();
        open("");
        await().until(() -> text(".readout").startsWith("in "));
        scrub(32);
        awaitText(".readout", "in 32 min");
        views.accept(scene.forecast(12, Instant.now(), interval));
        await().until(() -> text(".readout").matches("in \\d\\.\\d s"));
        double first = seconds(text(".readout"));
        assertThat(first).isBetween(0.0, 9.6);
        assertThat(isGrey(".next")).as("ahead").isFalse();
        var strip = canvas(".strip");

        await().until(() -> seconds(text(".readout")) < first - 0.5);
        assertThat(canvas(".strip")).as("those over are grey").isNotEqualTo(strip);
        await().atMost(Duration.ofSeconds(30)).until(() -> text(".readout").endsWith(" ago"));
        await().until(() -> isGrey(".next"));

        assertThat(text(".tag-ahead")).endsWith(" ago");
        assertThat(isGrey(".picture")).as("the live picture").isFalse();
        Files.createDirectories(Path.of("target", "screenshots"));
        Files.write(Path.of("target", "screenshots", "over.png"), browser.screenshot());
        views.accept(scene.forecast(13, Instant.now(), interval));
        await().until(() -> text(".tag-ahead").startsWith("in "));
        assertThat(isGrey(".next")).as("a new one").isFalse();
    }

    @Test
    void loop_ofLiveCamera_showsNothingThatIsOver() throws Exception {
        try (var feed = new SceneFeed(views, ONE)) {
            open("");
            await().until(() -> text(".tag-ahead").startsWith("in "));
            browser.run("document.querySelector('.play').click()");
            await().until(() -> text(".tag-ahead").startsWith("in 2"));
            browser.run("window.seen = []; new MutationObserver(() =>"
                    + " window.seen.push(document.querySelector('.tag-ahead').textContent))"
                    + ".observe(document.querySelector('.tag-ahead'), {childList: true})");
            await().until(() -> browser.run("return ['in 2', 'in 0'].every((begin) =>"
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
            await().until(() -> text(".tag-ahead").startsWith("in "));
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
                assertThat(text(".picture-age")).as(wrong).matches("\\d\\.\\d s ago");
                assertThat(text(".forecast-age")).as(wrong).matches("\\d\\.\\d s ago");
                assertThat(text(".tag-ahead")).as(wrong).startsWith("in ");
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
        await().until(() -> text(".tag-ahead").startsWith("in "));
        assertThat(label(".surprise-line")).endsWith("nothing unexpected");
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

        await().until(() -> text(".moments").matches("\\d+\\.\\d s ago, for 2.1 s, as rare as 1 picture in 100,000"));
        assertThat(browser.run("return document.querySelector('.card').classList.contains('surprised')")
                        .asBoolean())
                .isFalse();
        assertThat(label(".surprise-line")).contains("1 unexpected moment, the last at ");
        assertThat(canvas(".surprise-line")).isNotEqualTo(before);
        press("4");
        await().until(() -> !pixels().equals(live));
        assertThat(browser.run("return document.querySelector('input[value=surprise]').checked")
                        .asBoolean())
                .isTrue();
        assertThat(browser.console()).isEmpty();
    }

    private static ForecastScore scored(String camera, double skill) {
        var step = new StepScore(1 - skill, 0, 1, 1, 0, 1);
        return new ForecastScore(
                camera + "/1/11/moving-scene",
                new Origin(new CameraId(camera), 1, 11, Instant.now()),
                Collections.nCopies(32, step),
                Double.NaN,
                RecentErrors.none());
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

            await().until(() ->
                    text("#camera-yard .stale-words").matches("No connection since .*: connection refused"));
            awaitText("#summary", "2 cameras, 1 live");
            assertThat(browser.run("return getComputedStyle(document.querySelector('#camera-yard .picture')).filter")
                            .asText())
                    .contains("grayscale(1)");
            // The words of the state come with the clock, up to a second later.
            await().until(() -> text("#camera-yard .state-words").startsWith("no connection"));
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
    @CsvSource({
        "390,844,dark,1",
        "390,844,light,8",
        "1440,900,dark,8",
        "1440,900,light,1",
        "320,640,light,1",
        "768,1024,dark,8",
        "2560,1300,light,8"
    })
    void layout_anyScreen_hasNoHorizontalScrollAndDoesNotShift(int width, int height, String scheme, int cameras)
            throws Exception {
        browser.screen(width, height, scheme);
        try (var feed = new SceneFeed(views, cameras == 1 ? ONE : EIGHT)) {
            open("");
            await().until(() -> text("#summary").endsWith(cameras + " live"));
            await().until(() -> text(".tag-ahead").equals("in 1.0 s"));
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
            scrub(20);
            awaitText(".tag-ahead", "in 2.0 s");
            assertThat(browser.run(cardHeight).asInt()).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @CsvSource({"light,1", "dark,1", "light,3", "dark,8", "light,0"})
    void axe_anyPage_findsNothing(String scheme, int cameras) throws Exception {
        browser.screen(1440, 900, scheme);
        try (var feed = new SceneFeed(views, Arrays.copyOf(EIGHT, cameras))) {
            open("");
            awaitText("#summary", cameras == 1 ? "1 camera, 1 live" : cameras + " cameras, " + cameras + " live");
            assertThat(feed).isNotNull();
            assertThat(axe()).isEmpty();
            press("?");
            assertThat(axe()).as("the help").isEmpty();
        }
    }

    @Test
    void cameras_whereTheyMayChange_areAddedChangedAndRemovedInADialog() throws Exception {
        var control = new ListedCameras();
        server.close();
        server = PreviewServer.start(
                new HttpConfig("127.0.0.1", 0, Optional.of("s3cret")),
                views,
                Health.READY,
                () -> "",
                any -> new byte[0],
                Optional.of(control));
        open("?token=s3cret");
        await().until(() -> browser.run("return !document.getElementById('empty-add').hidden")
                .asBoolean());
        browser.run("document.getElementById('empty-manage').click()");

        browser.run("const form = document.getElementById('manage-form').elements;"
                + "form.source.value = 'rtsp://192.0.2.10/a'; form.id.value = 'door'; form.test.click()");
        await().until(() -> browser.run("return !document.getElementById('manage-picture').hidden")
                .asBoolean());
        assertThat(text("#manage-said")).contains("32 by 24 pixels");
        assertThat(axe()).as("the dialog").isEmpty();
        Files.createDirectories(Path.of("target", "screenshots"));
        Files.write(Path.of("target", "screenshots", "cameras-dialog.png"), browser.screenshot());
        browser.run("document.getElementById('manage-form').elements.save.click()");
        awaitText("#manage-said", "door is added. Its first picture comes in some seconds.");
        press("#manage-list button", 0);
        awaitText("#manage-said", "door is paused.");
        press("#manage-list button", 1);
        browser.run("const form = document.getElementById('manage-form').elements;"
                + "form.fps.value = '5'; form.save.click()");
        awaitText("#manage-said", "door is changed.");
        assertThat(control.cameras().get(0).settings()).containsExactly(Map.entry("fps", "5"));
        browser.run("const form = document.getElementById('manage-form').elements;"
                + "form.source.value = 'bad'; form.save.click()");
        awaitText("#manage-said", "That did not work: no such source");
        press("#manage-list button", 2);
        assertThat(control.cameras()).as("one press").isNotEmpty();
        press("#manage-list button", 2);
        awaitText("#manage-said", "door is removed.");
        assertThat(control.cameras()).isEmpty();
    }

    private void press(String selector, int which) {
        browser.run("document.querySelectorAll('" + selector + "')[" + which + "].click()");
    }

    @Test
    void cameras_whereTheyMayNotChange_haveNoDialog() throws Exception {
        open("");
        awaitText("#summary", "0 cameras, 0 live");

        assertThat(browser.run("return document.getElementById('open-manage').hidden")
                        .asBoolean())
                .isTrue();
    }

    /** What axe-core objects to: rules and the elements that break them. */
    private String axe() throws IOException {
        try (var source = PreviewPageIT.class.getResourceAsStream(AXE)) {
            browser.run(new String(requireNonNull(source).readAllBytes(), StandardCharsets.UTF_8));
        }
        return browser.run(
                        "return axe.run().then(({violations}) => violations.map((rule) =>"
                                + " rule.id + ' ' + rule.nodes.map((node) => node.html + node.failureSummary).join()).join('; '))")
                .asText();
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

    /** Of words such as "in 1.2 s". */
    private static double seconds(String words) {
        return words.startsWith("in ") ? Double.parseDouble(words.substring(3, words.indexOf(" s"))) : 0;
    }

    /** Whether a picture has no colours. */
    private boolean isGrey(String selector) {
        return browser.run("const canvas = document.querySelector('" + selector + "');"
                        + "const p = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;"
                        + "for (let i = 0; i < p.length; i += 4) if (p[i] !== p[i + 1] || p[i] !== p[i + 2]) return false;"
                        + "return true")
                .asBoolean();
    }

    private boolean isShown(String selector) {
        return browser.run("return document.querySelector('" + selector + "').checkVisibility()")
                .asBoolean();
    }

    private String names() {
        return browser.run(
                        "return [...document.querySelectorAll('.card .name')].map((name) => name.textContent).join()")
                .asText();
    }

    private void order(String wanted) {
        browser.run("const order = document.getElementById('order'); order.value = '" + wanted
                + "'; order.dispatchEvent(new Event('change'))");
    }

    private String pixels() {
        return browser.run(PIXELS).asText();
    }
}
