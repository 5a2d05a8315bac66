package io.framecast.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ErrorMapTest {
    @Test
    void of_oneWrongPixel_isTheRootOfItsMeanSquareInItsCell() {
        var shape = new FrameShape(64, 64, 3);
        var bytes = new byte[shape.bytes()];
        int row = 10;
        int column = 33;
        bytes[(row * 64 + column) * 3 + 1] = (byte) 200;

        ErrorMap map = ErrorMap.of(shape, Pixels.copyOf(new byte[shape.bytes()]), Pixels.copyOf(bytes));

        assertThat(map.rows()).isEqualTo(16);
        assertThat(map.columns()).isEqualTo(16);
        int expected = (int) Math.round(Math.sqrt(200.0 * 200 / (4 * 4 * 3)));
        assertThat(map.strongest()).isEqualTo(expected);
        assertThat(map.levels().get(row / 4 * 16 + column / 4)).isEqualTo(expected);
        assertThat(map.levels().stream().filter(level -> level > 0)).hasSize(1);
    }

    @Test
    void of_aShapeThatDoesNotDivide_coversEveryPixel() {
        var shape = new FrameShape(17, 5, 1);
        var white = new byte[shape.bytes()];
        Arrays.fill(white, (byte) 255);

        ErrorMap map = ErrorMap.of(shape, Pixels.copyOf(new byte[shape.bytes()]), Pixels.copyOf(white));

        assertThat(map.rows()).isEqualTo(16);
        assertThat(map.columns()).isEqualTo(5);
        assertThat(map.levels()).containsOnly(255);
    }

    @Test
    void malformed_isRefused() {
        assertThatThrownBy(() -> new ErrorMap(2, 2, List.of(1))).hasMessageContaining("2x2 cells has 1 values");
        assertThatThrownBy(() -> new ErrorMap(1, 1, List.of(256))).hasMessageContaining("0 to 255");
        assertThat(ErrorMap.none().strongest()).isZero();
    }
}
