package io.framecast.model;

import io.framecast.frame.FrameShape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PreparedFlowMixtureTest extends PreparedFlowTest {
    PreparedFlowMixtureTest() {
        super("flow-mixture");
    }

    @Test
    void forecast_ofAnotherSizeAndOtherFilters_isTheScripts() {
        var shape = new FrameShape(24, 36, 3);
        var hyper = new HyperParameters(Map.of("filters", List.of(5, 7, 11), "carried", 3, "hidden", 6));

        assertSame(fresh(shape, hyper), shape, context(shape, 7, FlowMixture.CONTEXT));
    }
}
