package io.framecast.preview.draw;

import static org.assertj.core.api.Assertions.assertThat;

import io.framecast.export.PixelImage;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;

class OverlayTest {
    private static final FrameShape PAIR = new FrameShape(1, 2, 3);

    @Test
    void picture_rgb_keepsEveryValueInItsPlace() {
        var image = PixelImage.of(new FrameShape(2, 1, 3), pixels(1, 2, 3, 250, 251, 252));

        assertThat(rgb(image, 0, 0)).isEqualTo(0x010203);
        assertThat(rgb(image, 0, 1)).isEqualTo(0xFAFBFC);
    }

    @Test
    void picture_oneChannel_isGrey() {
        assertThat(rgb(PixelImage.of(new FrameShape(1, 1, 1), pixels(0x40)), 0, 0))
                .isEqualTo(0x404040);
    }

    @Test
    void picture_fourChannels_leavesTheFourthOut() {
        assertThat(rgb(PixelImage.of(new FrameShape(1, 1, 4), pixels(1, 2, 3, 99)), 0, 0))
                .isEqualTo(0x010203);
    }

    @Test
    void blend_half_isTheMean() {
        var image = Overlay.blend(PAIR, pixels(0, 0, 0, 100, 100, 100), pixels(200, 100, 50, 100, 100, 100), 0.5);

        assertThat(rgb(image, 0, 0)).isEqualTo(0x643219);
        assertThat(rgb(image, 1, 0)).isEqualTo(0x646464);
    }

    @Test
    void blend_atItsEnds_isOneOrTheOther() {
        var live = pixels(1, 2, 3, 4, 5, 6);
        var ahead = pixels(11, 12, 13, 14, 15, 16);

        assertThat(rgb(Overlay.blend(PAIR, live, ahead, 0), 0, 0)).isEqualTo(0x010203);
        assertThat(rgb(Overlay.blend(PAIR, live, ahead, 1), 0, 0)).isEqualTo(0x0B0C0D);
    }

    @Test
    void difference_nothingChanges_isDimGrey() {
        var image = Overlay.difference(PAIR, pixels(200, 200, 200, 80, 80, 80), pixels(200, 200, 200, 86, 80, 80));

        assertThat(rgb(image, 0, 0)).isEqualTo(0x646464);
        assertThat(rgb(image, 1, 0)).as("a change in the noise").isEqualTo(0x282828);
    }

    @Test
    void difference_strongChange_isAmberWhenBrighterAndBlueWhenDarker() {
        var image = Overlay.difference(PAIR, pixels(10, 10, 10, 240, 240, 240), pixels(240, 240, 240, 10, 10, 10));

        assertThat(rgb(image, 0, 0)).isEqualTo(0xFFB000);
        assertThat(rgb(image, 1, 0)).isEqualTo(0x3D9BFF);
    }

    @Test
    void faded_colour_isGreyAndDim() {
        int faded = rgb(Overlay.faded(PixelImage.of(new FrameShape(1, 1, 3), pixels(255, 0, 0))), 0, 0);

        assertThat(faded & 0xFF).isEqualTo(faded >> 8 & 0xFF).isEqualTo(faded >> 16 & 0xFF);
        assertThat(rgb(Overlay.faded(PixelImage.of(new FrameShape(1, 1, 3), pixels(255, 255, 255))), 0, 0))
                .isLessThan(0xA0A0A0);
    }

    private static Pixels pixels(int... values) {
        var bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return Pixels.copyOf(bytes);
    }

    private static int rgb(BufferedImage image, int x, int y) {
        return image.getRGB(x, y) & 0xFFFFFF;
    }
}
