package io.framecast.preview.draw;

import static org.assertj.core.api.Assertions.assertThat;

import io.framecast.frame.CameraState;
import io.framecast.preview.CameraView;
import io.framecast.preview.MovingScene;
import io.framecast.preview.View;
import java.awt.image.BufferedImage;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PreviewPictureTest {
    private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

    private final PreviewPicture picture = new PreviewPicture(256);
    private final MovingScene door = new MovingScene("door", 1);

    @ParameterizedTest
    @CsvSource({"0,0", "100,1", "3100,31", "3200,31", "3600,31", "3700,0", "3850,1"})
    void stepAt_loop_restsOnTheLastFrameAndStartsAgain(long millis, int step) {
        assertThat(PreviewPicture.stepAt(door.forecast(0, START), Instant.ofEpochMilli(millis)))
                .isEqualTo(step);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1000,10", "3050,30", "9000,31"})
    void stepAt_someAreOver_goesOnFromTheNextThatIsAhead(long ageMillis, int first) {
        var forecast = door.forecast(0, START);
        var now = START.plusMillis(ageMillis);

        assertThat(PreviewPicture.stepAt(forecast, now)).isBetween(first, 31);
        for (long millis = 0; millis < 3700; millis += 90) {
            var later = door.forecast(0, START.plusMillis(millis));
            assertThat(PreviewPicture.stepAt(later, now.plusMillis(millis))).isBetween(first, 31);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0,0,+0.1 s",
        "0,9,+1.0 s",
        "400,9,+0.6 s",
        "1000,9,+0.0 s",
        "2300,9,1.3 s ago",
        "121000,9,2 min ago",
        "-90000,0,+1 min"
    })
    void lead_countsFromNow(long ageMillis, int step, String label) {
        var lead = PreviewPicture.lead(door.forecast(0, START), step, START.plusMillis(ageMillis));

        assertThat(PreviewPicture.leadLabel(lead)).isEqualTo(label);
    }

    @ParameterizedTest
    @CsvSource({"LIVE,256", "OVERLAY,256", "DIFFERENCE,256", "FORECAST,256", "SIDE,512"})
    void draw_cameraWithItsOwnPicture_hasItsProportions(View view, int width) {
        var shown = seen().with(door.frame(40, START), START)
                .with(door.picture(40, START), START)
                .with(door.forecast(40, START), START);

        BufferedImage drawn = picture.draw(shown, view, START);

        assertThat(drawn.getWidth()).isEqualTo(width);
        assertThat(drawn.getHeight()).isEqualTo(144);
        // The white edge is in the picture only: a forecast covers it, an overlay halves it, changes dim it.
        int edge = drawn.getRGB(4, 72) & 0xFF;
        switch (view) {
            case LIVE, SIDE -> assertThat(edge).isGreaterThan(240);
            case OVERLAY -> assertThat(edge).isBetween(130, 240);
            case DIFFERENCE -> assertThat(edge).isBetween(110, 140);
            case FORECAST -> assertThat(edge).isLessThan(130);
        }
    }

    @Test
    void draw_pictureOfAnotherTime_isNotShown() {
        var shown = seen().with(door.picture(0, START), START)
                .with(door.frame(40, START.plusSeconds(4)), START.plusSeconds(4));

        assertThat(picture.draw(shown, View.LIVE, START.plusSeconds(4)).getHeight())
                .isEqualTo(256);
    }

    @ParameterizedTest
    @EnumSource(names = {"FORECAST", "DIFFERENCE"})
    void draw_forecastThatIsOver_isGrey(View view) {
        var moment = START.plusSeconds(4);
        var live = seen().with(door.frame(40, moment), moment);
        var ahead = live.with(door.forecast(40, moment), moment);

        assertThat(isGrey(picture.draw(live, view, moment))).isTrue();
        assertThat(isGrey(picture.draw(ahead, view, moment))).isFalse();
    }

    @Test
    void draw_overlayOfForecastThatIsOver_leavesTheLivePictureItsColours() {
        var moment = START.plusSeconds(4);
        var live = seen().with(door.frame(40, moment), moment);
        var ahead = live.with(door.forecast(40, moment), moment);

        var grey = picture.draw(live, View.OVERLAY, moment);
        assertThat(isGrey(grey)).isFalse();
        assertThat(same(grey, picture.draw(ahead, View.OVERLAY, moment))).isFalse();
    }

    @ParameterizedTest
    @EnumSource(View.class)
    void draw_nothingKnownYet_isDarkAndSaysConnecting(View view) {
        var image = picture.draw(CameraView.of(door.frame(0, START).camera()), view, START);

        assertThat(image.getHeight()).isEqualTo(256);
        assertThat(brightest(image, 0, 100)).isLessThan(0x40);
        assertThat(brightest(image, 200, 256)).as("the label").isGreaterThan(0xE0);
    }

    @Test
    void draw_live_isInColourAndMovesOn() {
        var view = seen().with(door.frame(1, START), START);

        var image = picture.draw(view, View.OVERLAY, START);
        var later = picture.draw(view, View.OVERLAY, START.plusMillis(1000));

        assertThat(isGrey(image)).isFalse();
        assertThat(same(image, later)).isFalse();
    }

    @Test
    void draw_gone_isGreyButForItsMarker() {
        var gone = seen().with(door.status(CameraState.RECONNECTING, "refused", START));

        assertThat(isGrey(picture.draw(gone, View.LIVE, START))).isTrue();
        assertThat(PreviewPicture.staleLabel(gone, START)).startsWith("gone since ");
    }

    @Test
    void draw_silent_saysNoPicture() {
        assertThat(PreviewPicture.staleLabel(seen(), START.plusSeconds(9))).startsWith("no picture since ");
    }

    private CameraView seen() {
        return CameraView.of(door.frame(0, START).camera())
                .with(door.frame(0, START), START)
                .with(door.forecast(0, START), START);
    }

    private static int brightest(BufferedImage image, int fromRow, int toRow) {
        int brightest = 0;
        for (int y = fromRow; y < toRow; y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                brightest = Math.max(brightest, image.getRGB(x, y) & 0xFF);
            }
        }
        return brightest;
    }

    private static boolean isGrey(BufferedImage image) {
        for (int place = 0; place < image.getWidth() * image.getHeight(); place++) {
            int rgb = image.getRGB(place % image.getWidth(), place / image.getWidth());
            if (Math.abs((rgb >> 16 & 0xFF) - (rgb & 0xFF)) > 6) {
                return false;
            }
        }
        return true;
    }

    private static boolean same(BufferedImage one, BufferedImage other) {
        for (int place = 0; place < one.getWidth() * one.getHeight(); place++) {
            int x = place % one.getWidth();
            int y = place / one.getWidth();
            if (one.getRGB(x, y) != other.getRGB(x, y)) {
                return false;
            }
        }
        return true;
    }
}
