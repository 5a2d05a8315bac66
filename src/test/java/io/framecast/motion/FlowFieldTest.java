package io.framecast.motion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.framecast.frame.FrameShape;
import org.junit.jupiter.api.Test;

class FlowFieldTest {
    private static final FrameShape ROW = new FrameShape(1, 8, 3);

    @Test
    void new_arraysChangedLater_staysAsItWas() {
        var movements = new float[] {1, 2};
        var flow = new FlowField(new FrameShape(1, 2, 3), movements, movements);
        movements[1] = 9;
        assertThat(flow.dx(1)).isEqualTo(2);
        assertThat(flow.dy(1)).isEqualTo(2);
    }

    @Test
    void new_tooFewMovements_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FlowField(new FrameShape(1, 2, 3), new float[2], new float[1]))
                .withMessage("flow of 2 and 1 movements does not fit frames of 1x2x3, which have 2 pixels");
    }

    @Test
    void carried_oneThingMoving_standsWhereItArrivesAndWhereNothingElseDoes() {
        FlowField flow = row(0, 1.5f, 1.5f, 0, 0, 0, 0, 0);
        assertThat(right(flow.carried(2))).containsExactly(0, 1.5f, 1.5f, 0, 1.5f, 1.5f, 0, 0);
    }

    @Test
    void carried_severalArrive_isTheFastest() {
        assertThat(right(row(3, 2, 1, 0, 0, 0, -2, -3).carried(1))).containsExactly(3, 2, 1, 3, -3, 0, -2, -3);
    }

    @Test
    void carried_growing_leavesNoGap() {
        FlowField flow = row(0, 0.5f, 1, 1.5f, 2, 2.5f, 3, 3.5f);
        assertThat(right(flow.carried(1))).isSorted();
        assertThat(right(flow.carried(1))[7]).isBetween(2f, 2.5f);
    }

    @Test
    void carried_farOutside_staysWhereItIs() {
        FlowField flow = row(1e30f, -1e30f, 1e30f, -1e30f, 1e9f, -1e9f, 1e9f, -1e9f);
        assertThat(right(flow.carried(32))).containsExactly(right(flow));
    }

    @Test
    void carried_down_isAsToTheRight() {
        var shape = new FrameShape(8, 1, 3);
        FlowField flow = new FlowField(shape, new float[8], new float[] {0, 1.5f, 1.5f, 0, 0, 0, 0, 0});
        FlowField carried = flow.carried(2);
        assertThat(new float[] {carried.dy(3), carried.dy(4), carried.dy(5), carried.dy(6)})
                .containsExactly(0, 1.5f, 1.5f, 0);
    }

    private static FlowField row(float... right) {
        return new FlowField(ROW, right, new float[right.length]);
    }

    private static float[] right(FlowField flow) {
        var right = new float[ROW.width()];
        for (int place = 0; place < right.length; place++) {
            right[place] = flow.dx(place);
        }
        return right;
    }
}
