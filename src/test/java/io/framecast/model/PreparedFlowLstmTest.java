package io.framecast.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PreparedFlowLstmTest extends PreparedFlowTest {
    PreparedFlowLstmTest() {
        super("flow-lstm");
    }

    @Test
    void forecast_ofAnotherSizeAndOtherFilters_isTheScripts() {
        var shape = new FrameShape(24, 40, 3);
        var hyper = new HyperParameters(Map.of(
                "filters",
                List.of(5, 7, 11, 6),
                "reads",
                List.of(3, 9),
                "memory",
                5,
                "draws",
                List.of(7, 6),
                "carried",
                3,
                "hidden",
                6));
        FramePredictor network = fresh(shape, hyper);

        assertSame(network, shape, context(shape, 7, FlowMixture.CONTEXT));
    }

    @Test
    void forecast_ofALongPast_isTheScripts() {
        for (int seed = 0; seed < 3; seed++) {
            assertSame(shipped, SHAPE, context(SHAPE, seed, 41));
        }
    }

    @Test
    void forecast_ofAPastThatBeginsWithRepetitions_isThatWithoutThem() {
        List<Pixels> past = context(SHAPE, 3, 23);
        var repeated = new ArrayList<>(Collections.nCopies(18, past.get(0)));
        repeated.addAll(past);

        assertSame(shipped, SHAPE, repeated);
        assertThat(prepared(shipped, SHAPE, repeated)).isEqualTo(prepared(shipped, SHAPE, past));
    }

    @Test
    void forecast_ofWindowsOfDifferentLengthsInOneCall_isThatOfEach() {
        List<List<Pixels>> windows = List.of(context(SHAPE, 1, FlowMixture.CONTEXT), context(SHAPE, 2, 33));

        List<List<Pixels>> together = scripted(shipped, SHAPE, FrameArrays.ofSameLength(windows));

        for (int i = 0; i < windows.size(); i++) {
            List<Pixels> alone =
                    scripted(shipped, SHAPE, List.of(windows.get(i))).get(0);
            for (int step = 0; step < HORIZON; step++) {
                for (int at = 0; at < SHAPE.bytes(); at++) {
                    int difference =
                            together.get(i).get(step).at(at) - alone.get(step).at(at);
                    assertThat(Math.abs(difference)).isLessThanOrEqualTo(1); // which batches round otherwise
                }
            }
        }
    }

    @Test
    void forecast_whereAThingHasLeftItsPlace_knowsWhatWasThereBefore() {
        // What a thing hides in the last ten frames has been seen before them.
        List<Pixels> past = context(SHAPE, 4, 30);
        Pixels empty = past.get(0);

        List<Pixels> hidden = new ArrayList<>(past.subList(20, 30));
        List<Pixels> seen = new ArrayList<>(Collections.nCopies(20, empty));
        seen.addAll(hidden);
        seen.set(0, past.get(1));

        assertThat(prepared(shipped, SHAPE, seen)).isNotEqualTo(prepared(shipped, SHAPE, hidden));
    }

    @Test
    void forecast_whoseConvLstmIsOnTheLastLevel_isTheScripts() {
        var hyper = new HyperParameters(Map.of("filters", List.of(8, 8, 16)));

        assertSame(fresh(SHAPE, hyper), SHAPE, context(SHAPE, 9, FlowMixture.CONTEXT));
    }
}
