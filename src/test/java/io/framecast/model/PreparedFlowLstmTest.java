package io.framecast.model;

import io.framecast.frame.FrameShape;
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
    void forecast_whoseConvLstmIsOnTheLastLevel_isTheScripts() {
        var hyper = new HyperParameters(Map.of("filters", List.of(8, 8, 16)));

        assertSame(fresh(SHAPE, hyper), SHAPE, context(SHAPE, 9, FlowMixture.CONTEXT));
    }
}
