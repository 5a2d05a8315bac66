package io.framecast.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NaturalOrderTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "frame1.png frame2.png frame9.png frame10.png frame100.png",
                "frame08.png frame9.png frame10.png frame011.png",
                "1.jpg 2.jpg 10.jpg 99999999999999999998.jpg 99999999999999999999.jpg 100000000000000000000.jpg",
                "IMG_1_2.jpg IMG_1_10.jpg IMG_2_1.jpg IMG_10_1.jpg",
                "a.png a0.png a00.png a1.png b.png",
                "2024-01-09T8.png 2024-01-09T10.png 2024-01-10T0.png",
                "day2/1.png day10/1.png"
            })
    void compare_names_asPeopleCount(String inOrder) {
        List<Path> expected = List.of(inOrder.split(" ")).stream().map(Path::of).toList();
        var shuffled = new ArrayList<>(expected);
        for (int seed = 0; seed < 20; seed++) {
            Collections.shuffle(shuffled, new Random(seed));
            shuffled.sort(new NaturalOrder());
            assertThat(shuffled).isEqualTo(expected);
        }
    }
}
