package io.framecast.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.framecast.forecast.PixelError;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Holds the metrics against values that scikit-image and numpy gave; {@code reference.py} beside them says how. */
class ReferenceTest {
    private static final double EXACT = 1e-12;

    @Test
    void everyMetric_onStoredPictures_isThatOfTheReference() throws IOException {
        int compared = 0;
        for (JsonNode entry : reference()) {
            JsonNode size = entry.get("shape");
            var shape = new FrameShape(
                    size.get(0).asInt(), size.get(1).asInt(), size.get(2).asInt());
            List<Pixels[]> pairs = pictures(shape);
            for (int i = 0; i < pairs.size(); i++) {
                compare(
                        shape,
                        pairs.get(i)[0],
                        pairs.get(i)[1],
                        entry.get("pairs").get(i));
                compared++;
            }
        }
        assertThat(compared).isEqualTo(12);
    }

    private static void compare(FrameShape shape, Pixels x, Pixels y, JsonNode expected) {
        double mse = PixelError.meanSquare(x, y);
        assertThat(mse).isCloseTo(expected.get("mse").asDouble(), within(EXACT));
        assertThat(PixelError.meanAbsolute(x, y)).isCloseTo(expected.get("mae").asDouble(), within(EXACT));
        double psnr = expected.get("psnr").isNull()
                ? PixelError.MAX_PSNR
                : expected.get("psnr").asDouble();
        assertThat(PixelError.psnr(mse)).isCloseTo(psnr, within(1e-9));
        double[] similarities = Ssim.of(shape, x, y, 1, 2);
        assertThat(similarities[0]).isCloseTo(expected.get("ssim").asDouble(), within(1e-10));
        assertThat(similarities[1]).isCloseTo(expected.get("ssim_openstl").asDouble(), within(1e-10));
        if (shape.channels() == 1) {
            var scores = new HorizonScores(shape, 1);
            scores.add(x, List.of(y), List.of(x));
            assertThat(scores.summedMse()).isCloseTo(expected.get("summed_mse").asDouble(), within(1e-9));
            assertThat(scores.summedMae()).isCloseTo(expected.get("summed_mae").asDouble(), within(1e-9));
        }
    }

    private static JsonNode reference() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(ReferenceTest.class.getResourceAsStream("/score/reference.json"))) {
            return new ObjectMapper().readTree(in);
        }
    }

    /** The pictures of {@code reference.py}. */
    private static List<Pixels[]> pictures(FrameShape shape) {
        long state = 12345;
        var pairs = new ArrayList<Pixels[]>();
        for (int kind = 0; kind < 4; kind++) {
            var x = new byte[shape.bytes()];
            var y = new byte[shape.bytes()];
            for (int i = 0; i < x.length; i++) {
                int channel = i % shape.channels();
                int column = i / shape.channels() % shape.width();
                int row = i / shape.channels() / shape.width();
                int base = (row * 3 + column * 5 + channel * 40) % 192;
                state = next(state);
                int first = (int) (state >> 16) % 64;
                state = next(state);
                int second = (int) (state >> 16) % 64;
                x[i] = (byte) (base + (kind > 0 ? first : 0));
                y[i] = (byte)
                        switch (kind) {
                            case 0 -> base;
                            case 1 -> base + second;
                            case 2 -> 255 - base;
                            default -> base + 3;
                        };
            }
            pairs.add(new Pixels[] {Pixels.copyOf(x), Pixels.copyOf(y)});
        }
        return pairs;
    }

    private static long next(long state) {
        return (state * 1103515245L + 12345) % (1L << 31);
    }
}
