package io.framecast.predict;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadBackTest {
    private static final int USUAL = 10;
    private static final long MOST = 10_000;

    @Test
    void metadata_ofTheUsualLength_isTheOffset_asEarlierVersionsWriteIt() {
        assertThat(new ReadBack(77, USUAL).metadata(USUAL)).isEqualTo("77");
        assertThat(ReadBack.parse("77", USUAL)).contains(new ReadBack(77, USUAL));
    }

    @Test
    void metadata_ofAnotherLength_tellsIt() {
        assertThat(new ReadBack(77, 32).metadata(USUAL)).isEqualTo("77/32");
        assertThat(ReadBack.parse("77/32", USUAL)).contains(new ReadBack(77, 32));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "77/", "77/x", "77/0", "77/-1", "77/32/1"})
    void metadata_ofSomebodyElse_saysNothing(String metadata) {
        assertThat(ReadBack.parse(metadata, USUAL)).isEmpty();
    }

    @Test
    void from_windowsThatAreNoLonger_isWhereTheyLie() {
        assertThat(new ReadBack(900, USUAL).from(1000, USUAL, MOST)).isEqualTo(900);
        assertThat(new ReadBack(900, USUAL).from(1000, 4, MOST)).isEqualTo(900);
        assertThat(new ReadBack(1200, USUAL).from(1000, USUAL, MOST))
                .as("never after what is not done")
                .isEqualTo(1000);
    }

    @Test
    void from_windowsThatAreLonger_isSoMuchFurtherBack() {
        assertThat(new ReadBack(99_500, USUAL).from(100_000, 20, MOST)).isEqualTo(96_000);
        assertThat(new ReadBack(99_990, USUAL).from(100_000, 20, MOST)).isEqualTo(99_000);
        assertThat(new ReadBack(90_100, USUAL).from(100_000, 20, MOST))
                .as("bounded")
                .isEqualTo(90_000);
        assertThat(new ReadBack(80_000, USUAL).from(100_000, 20, MOST))
                .as("never less than what a shorter window needs")
                .isEqualTo(80_000);
        assertThat(new ReadBack(5, USUAL).from(50, 20, MOST)).isZero();
    }
}
