package io.framecast.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.framecast.forecast.FrameSurprise;
import java.util.Arrays;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SurpriseTest {
    private final Surprise surprise = new Surprise();
    private final Random random = new Random(1);

    @Test
    void next_beforeEnoughIsKnown_isNoNumber() {
        for (int i = 0; i < Surprise.LEAST; i++) {
            assertThat(surprise.next(random.nextGaussian())).isNaN();
        }

        assertThat(surprise.next(0)).isNotNaN();
    }

    @Test
    void next_ofNoNumber_isNoneAndForgotten() {
        teach(200);

        assertThat(surprise.next(Double.NaN)).isNaN();
        assertThat(surprise.next(0)).isCloseTo(-Math.log10(0.5), within(0.1));
    }

    @Test
    void next_ofOrdinaryValues_isTheirRank() {
        var values = new double[1000];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian();
            surprise.next(values[i]);
        }
        Arrays.sort(values);

        double upperQuartile = surprise.next((values[749] + values[750]) / 2);

        assertThat(upperQuartile).isCloseTo(-Math.log10(251 / 1001.0), within(1e-9));
    }

    @Test
    void next_farBeyondAllBefore_passesTheThreshold_upToTheMost() {
        teach(100);

        assertThat(surprise.next(20)).isEqualTo(Surprise.MOST);
        assertThat(surprise.next(-20)).isBetween(0.0, 0.01);
    }

    @Test
    void next_afterNothingButTheSame_isNotSurprisedByTheSame() {
        for (int i = 0; i < 200; i++) {
            surprise.next(3);
        }

        assertThat(surprise.next(3)).isBetween(0.0, 0.01);
        assertThat(surprise.next(3.01)).isLessThan(FrameSurprise.THRESHOLD);
        assertThat(surprise.next(5)).isGreaterThan(FrameSurprise.THRESHOLD);
    }

    @Test
    void next_whenTheUsualChanged_getsUsedToIt() {
        teach(Surprise.MEMORY);
        assertThat(surprise.next(20)).isGreaterThan(FrameSurprise.THRESHOLD);

        for (int i = 0; i < Surprise.MEMORY; i++) {
            surprise.next(20 + random.nextGaussian());
        }

        assertThat(surprise.next(20)).isLessThan(1);
        assertThat(surprise.next(0)).as("the old usual is forgotten").isLessThan(0.01);
    }

    /** Distributions of logarithms of errors, with light and heavy tails. */
    @SuppressWarnings("ImmutableEnumChecker") // the functions hold no state
    enum Noise {
        NORMAL(random -> random.nextGaussian()),
        EXPONENTIAL(random -> -Math.log(1 - random.nextDouble())),
        UNIFORM(Random::nextDouble),
        TWO_STATES(random -> random.nextGaussian() + (random.nextInt(4) == 0 ? 3 : 0));

        private final ToDoubleFunction<Random> draw;

        Noise(ToDoubleFunction<Random> draw) {
            this.draw = draw;
        }
    }

    /** One in a thousand is stated; on lighter tails than assumed there are fewer. */
    @ParameterizedTest
    @EnumSource
    void falseAlarms_whenAllGoesOnAsBefore_areAtMostAsManyAsStated(Noise noise) {
        int alarms = 0;
        int usual = 0;
        int values = 100_000;
        for (int i = 0; i < values; i++) {
            double value = surprise.next(noise.draw.applyAsDouble(random));
            alarms += value >= FrameSurprise.THRESHOLD ? 1 : 0;
            usual += value >= 1 ? 1 : 0;
        }

        assertThat(alarms / (double) values).isBetween(0.0, 0.00125);
        assertThat(usual / (double) values).as("one in ten").isBetween(0.095, 0.105);
        if (noise == Noise.EXPONENTIAL) {
            assertThat(alarms / (double) values).isGreaterThan(0.00075);
        }
    }

    private void teach(int values) {
        for (int i = 0; i < values; i++) {
            surprise.next(random.nextGaussian());
        }
    }
}
