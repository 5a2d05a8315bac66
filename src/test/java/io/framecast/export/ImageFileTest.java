package io.framecast.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ImageFileTest {
    private static final byte[] JPEG = ImageFile.jpeg(new BufferedImage(160, 90, BufferedImage.TYPE_INT_RGB));

    @Test
    void read_ofTheSizeThatWasSaid_isThePicture() {
        assertThat(ImageFile.read(JPEG, 160, 90)).hasValueSatisfying(image -> {
            assertThat(image.getWidth()).isEqualTo(160);
            assertThat(image.getHeight()).isEqualTo(90);
        });
    }

    @Test
    void read_ofAnotherSize_isNone_howeverLargeItSaysToBe() {
        assertThat(ImageFile.read(JPEG, 90, 160)).isEmpty();
        byte[] bomb = JPEG.clone();
        int size = startOfFrame(bomb) + 5; // height and width, two bytes each
        bomb[size] = 0x65;
        bomb[size + 2] = 0x65;
        assertThat(ImageFile.read(bomb, 160, 90)).isEmpty();
    }

    @Test
    void read_ofWhatIsNoPicture_isNone() {
        assertThat(ImageFile.read(new byte[0], 1, 1)).isEmpty();
        assertThat(ImageFile.read(new byte[] {1, 2, 3}, 1, 1)).isEmpty();
        byte[] cut = Arrays.copyOf(JPEG, 30);
        assertThat(ImageFile.read(cut, 160, 90)).isEmpty();
    }

    private static int startOfFrame(byte[] jpeg) {
        for (int i = 0; i < jpeg.length - 1; i++) {
            if (jpeg[i] == (byte) 0xFF && jpeg[i + 1] == (byte) 0xC0) {
                return i;
            }
        }
        throw new IllegalStateException("no baseline JPEG");
    }
}
