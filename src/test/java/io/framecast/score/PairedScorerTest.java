package io.framecast.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.ModelVersion;
import io.framecast.forecast.Origin;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Frames;
import io.framecast.frame.Pixels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class PairedScorerTest {
    private static final FrameShape SHAPE = new FrameShape(8, 8, 3);

    private static final Offset<Double> TOLERANCE = Offset.offset(1e-9);

    private final PairedScorer scorer = new PairedScorer();
    private final List<PairedScorer.Pair> pairs = new ArrayList<>();

    private static Frame frame(long sequence) {
        return Frames.of("a", Frames.EPOCH, sequence, SHAPE);
    }

    /** One grey level for the whole horizon. */
    private static Forecast forecast(String model, long origin, int level) {
        Frame last = frame(origin);
        var bytes = new byte[SHAPE.bytes()];
        Arrays.fill(bytes, (byte) level);
        return new Forecast(
                new Origin(last.camera(), last.epoch(), last.sequence(), last.captureTime()),
                new ModelVersion(model, "1"),
                4,
                Duration.ofMillis(100),
                SHAPE,
                Collections.nCopies(Forecast.HORIZON, Pixels.copyOf(bytes)),
                Optional.empty());
    }

    private void frames(long from, long to) {
        for (long sequence = from; sequence < to; sequence++) {
            scorer.frame(frame(sequence));
            pairs.addAll(scorer.takePairs());
        }
    }

    @Test
    void pairs_areComplete_whenTheHorizonHasCome_inTheirOrder() {
        frames(0, 10);
        scorer.forecasts(forecast("own", 9, 20), forecast("other", 9, 200));
        frames(10, 15);
        scorer.forecasts(forecast("own", 14, 30), forecast("other", 14, 30));
        assertThat(pairs).isEmpty();
        frames(15, 100);

        assertThat(pairs).hasSizeGreaterThanOrEqualTo(1);
        PairedScorer.Pair pair = pairs.get(0);
        assertThat(pair.first().model()).isEqualTo("own");
        assertThat(pair.second().model()).isEqualTo("other");
        assertThat(pair.first().origin()).isEqualTo(pair.second().origin());
        // Frame 10 is grey 10: the own forecast is 10 levels off, the other 190.
        assertThat(pair.first().steps().get(0).mse()).isCloseTo(100 / (255.0 * 255), TOLERANCE);
        assertThat(pair.second().steps().get(0).mse()).isCloseTo(190 * 190 / (255.0 * 255), TOLERANCE);
    }

    @Test
    void forecastsOfTheSameModelsName_areToldApart() {
        frames(0, 10);
        scorer.forecasts(forecast("same", 9, 20), forecast("same", 9, 200));
        frames(10, 300);
        assertThat(pairs)
                .singleElement()
                .satisfies(pair -> assertThat(pair.first().steps().get(0).mse())
                        .isLessThan(pair.second().steps().get(0).mse()));
    }

    @Test
    void forecasts_madeAfterTheirFrames_areScoredToo() {
        frames(0, 60);
        scorer.forecasts(forecast("own", 9, 20), forecast("other", 9, 200));
        frames(60, 400);
        assertThat(pairs)
                .singleElement()
                .satisfies(pair ->
                        assertThat(pair.first().steps().get(31).isMissing()).isFalse());
    }

    @Test
    void forecasts_fromDifferentFrames_areRefused() {
        assertThatThrownBy(() -> scorer.forecasts(forecast("own", 9, 20), forecast("other", 10, 20)))
                .hasMessageContaining("start from different frames");
    }
}
