package io.framecast.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.motion.OpticalFlow;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the engine's operators of the flow mixture compute, against naive loops in float64. */
class MixtureOperatorsTest {
    private static final int SIDE = 8;
    private static final int PLACES = SIDE * SIDE;
    private static final int CARRIED = 2;
    private static final int HIDDEN = 3;
    private static final int CHOICES = FlowMixture.CANDIDATES;
    private static final int WAYS = 3;
    private static final int PHASES = FlowMixture.PHASES;

    private final Random random = new Random(11);
    private final Torch torch = Torch.open();
    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

    @AfterEach
    void close() {
        manager.close();
        torch.close();
    }

    private float[] values(int count, double low, double high) {
        var values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (low + (high - low) * random.nextDouble());
        }
        return values;
    }

    /** A plane read with its border going on for ever. */
    private static double at(float[] planes, int plane, int row, int column) {
        int y = Math.max(0, Math.min(row, SIDE - 1));
        int x = Math.max(0, Math.min(column, SIDE - 1));
        return planes[plane * PLACES + y * SIDE + x];
    }

    /** A plane between pixels, bilinearly; the place is (column, row) from -1 to 1. */
    private static double fetch(float[] planes, int plane, double gridX, double gridY) {
        double x = Math.max(0, Math.min((gridX + 1) / 2 * (SIDE - 1), SIDE - 1));
        double y = Math.max(0, Math.min((gridY + 1) / 2 * (SIDE - 1), SIDE - 1));
        int left = (int) x;
        int top = (int) y;
        double right = x - left;
        double below = y - top;
        return (1 - below) * ((1 - right) * at(planes, plane, top, left) + right * at(planes, plane, top, left + 1))
                + below
                        * ((1 - right) * at(planes, plane, top + 1, left)
                                + right * at(planes, plane, top + 1, left + 1));
    }

    @Test
    void candidates_areLastRecentMeanAndTheirBlurs() {
        int times = 10;
        float[] context = values(times * 3 * PLACES, 0, 1);

        float[] found = torch.call("candidates", manager.create(context, new Shape(1, times, 3, SIDE, SIDE)))
                .toFloatArray();

        for (int channel = 0; channel < 3; channel++) {
            for (int place = 0; place < PLACES; place++) {
                double recent = context[channel * PLACES + place];
                double mean = 0;
                for (int t = 0; t < times; t++) {
                    double value = context[(t * 3 + channel) * PLACES + place];
                    recent += t == 0 ? 0 : 0.3 * (value - recent);
                    mean += value / times;
                }
                assertThat(found[channel * PLACES + place]).isEqualTo(context[(9 * 3 + channel) * PLACES + place]);
                assertThat(found[(3 + channel) * PLACES + place]).isCloseTo((float) recent, within(1e-5f));
                assertThat(found[(6 + channel) * PLACES + place]).isCloseTo((float) mean, within(1e-5f));
            }
        }
        assertBlurred(found, 0, 9, 3);
        assertBlurred(found, 6, 12, 2);
        assertBlurred(found, 0, 15, 1);
    }

    /** Two box filters, each with the border repeated. */
    private static void assertBlurred(float[] planes, int from, int blurred, int radius) {
        var once = new float[PLACES];
        for (int place = 0; place < PLACES; place++) {
            once[place] = (float) box(planes, from, place, radius);
        }
        for (int place = 0; place < PLACES; place++) {
            assertThat(planes[blurred * PLACES + place]).isCloseTo((float) box(once, 0, place, radius), within(1e-5f));
        }
    }

    private static double box(float[] planes, int plane, int place, int radius) {
        double sum = 0;
        for (int down = -radius; down <= radius; down++) {
            for (int right = -radius; right <= radius; right++) {
                sum += at(planes, plane, place / SIDE + down, place % SIDE + right);
            }
        }
        return sum / ((2 * radius + 1) * (2 * radius + 1));
    }

    @Test
    void evidence_isWhatItsTableSays() {
        int times = FlowMixture.CONTEXT;
        float[] context = values(times * 3 * PLACES, 0, 1);
        float[] back = values(4 * PLACES * 2, -1.3, 1.3);
        float[] flows = values(4 * PLACES, -3, 3);
        NDArray known = array(context, 1, times, 3, SIDE, SIDE);
        NDArray candidates = torch.call("candidates", known);
        float[] pictures = candidates.toFloatArray();

        NDArray evidence = torch.call(
                "evidence", known, candidates, array(back, 1, 4, SIDE, SIDE, 2), array(flows, 1, 4, SIDE, SIDE));

        assertThat(evidence.getShape()).isEqualTo(new Shape(1, FlowMixture.EVIDENCE, SIDE, SIDE));
        float[] found = evidence.toFloatArray();
        int last = times - 1;
        for (int place = 0; place < PLACES; place++) {
            var expected = new double[FlowMixture.EVIDENCE];
            double largestSpan = 0;
            for (int colour = 0; colour < 3; colour++) {
                double x = pixel(context, last, colour, place);
                expected[colour] = x - 0.5;
                expected[3 + colour] = 3 * (x - pictures[(3 + colour) * PLACES + place]);
                expected[6 + colour] = 3 * (x - pictures[(6 + colour) * PLACES + place]);
                expected[9 + colour] = 3 * (x - pixel(context, last - 1, colour, place));
                expected[12] += 3 * (x - pixel(context, last - 3, colour, place)) / 3;
                expected[13] += 3 * (x - pixel(context, 0, colour, place)) / 3;
                double mean = 0;
                double lowest = 1;
                double highest = 0;
                for (int t = 0; t < times; t++) {
                    double value = pixel(context, t, colour, place);
                    mean += value / times;
                    lowest = Math.min(lowest, value);
                    highest = Math.max(highest, value);
                    expected[35 + t] += value / 3;
                    if (t < last) {
                        expected[26 + t] += 4 * Math.abs(x - value) / 3;
                    }
                }
                double variance = 0;
                for (int t = 0; t < times; t++) {
                    variance += Math.pow(pixel(context, t, colour, place) - mean, 2) / times;
                }
                expected[14] += 6 * Math.sqrt(variance) / 3;
                largestSpan = Math.max(largestSpan, highest - lowest);
                expected[20] += 6 * Math.abs(x - earlier(context, last - 1, colour, back, 0, place)) / 3;
                expected[21] += 6 * Math.abs(x - earlier(context, last - 1, colour, back, 1, place)) / 3;
                expected[22] += 6 * Math.abs(x - earlier(context, last - 3, colour, back, 2, place)) / 3;
                expected[23] += 6 * Math.abs(x - pixel(context, last - 3, colour, place)) / 3;
                expected[24] += 6 * Math.abs(x - earlier(context, last - 6, colour, back, 3, place)) / 3;
                expected[25] += 6 * Math.abs(x - pixel(context, last - 6, colour, place)) / 3;
            }
            expected[15] = 2 * largestSpan;
            for (int i = 0; i < 4; i++) {
                expected[16 + i] = 0.5 * flows[i * PLACES + place];
            }
            for (int t = 0; t < times; t++) {
                expected[35 + t] -= 0.5;
            }
            for (int channel = 0; channel < expected.length; channel++) {
                assertThat((double) found[channel * PLACES + place])
                        .as("channel %d", channel)
                        .isCloseTo(expected[channel], within(2e-5));
            }
        }
    }

    private static double pixel(float[] context, int time, int colour, int place) {
        return context[(time * 3 + colour) * PLACES + place];
    }

    private static double earlier(float[] context, int time, int colour, float[] grids, int grid, int place) {
        int at = (grid * PLACES + place) * 2;
        return fetch(context, time * 3 + colour, grids[at], grids[at + 1]);
    }

    @Test
    void evidence_ofAPictureThatMovesSteadily_comparesItWithWhereMotionGridsSayThatItWas() {
        int side = 48;
        var shape = new FrameShape(side, side, 3);
        var pictures = new ArrayList<Pixels>();
        for (int t = 0; t < FlowMixture.CONTEXT; t++) {
            var bytes = new byte[shape.bytes()];
            for (int i = 0; i < bytes.length; i++) {
                int column = i / 3 % side - t; // one pixel to the right per frame
                int row = i / 3 / side;
                bytes[i] = (byte) Math.round(128 + 60 * Math.sin(0.5 * column + 0.2 * row) + 50 * Math.sin(0.4 * row));
            }
            pictures.add(Pixels.copyOf(bytes));
        }
        NDArray known = FrameArrays.toArray(manager, List.of(pictures), shape)
                .add(manager.create(1f))
                .div(manager.create(2f));
        var motion = MotionGrids.of(manager, new OpticalFlow(), shape, List.of(pictures), new int[] {1});

        NDArray evidence =
                torch.call("evidence", known, torch.call("candidates", known), motion.back(), motion.flows());

        var errors = new double[FlowMixture.EVIDENCE];
        for (int channel = 0; channel < errors.length; channel++) {
            errors[channel] = evidence.get(new NDIndex("0, {}, 12:36, 16:40", channel))
                    .mean()
                    .getFloat();
        }
        assertThat(errors[18]).as("half of a pixel per frame").isCloseTo(0.5, within(0.05));
        assertThat(errors[22]).as("3 frames back").isLessThan(0.1 * errors[23]);
        assertThat(errors[24]).as("6 frames back").isLessThan(0.1 * errors[25]);
    }

    @Test
    void activity_isTwiceTheBlurredSpan() {
        int times = FlowMixture.CONTEXT;
        float[] context = values(times * 3 * PLACES, 0, 1);

        float[] found =
                torch.call("activity", array(context, 1, times, 3, SIDE, SIDE)).toFloatArray();

        var spans = new float[PLACES];
        for (int place = 0; place < PLACES; place++) {
            for (int colour = 0; colour < 3; colour++) {
                double lowest = 1;
                double highest = 0;
                for (int t = 0; t < times; t++) {
                    lowest = Math.min(lowest, pixel(context, t, colour, place));
                    highest = Math.max(highest, pixel(context, t, colour, place));
                }
                spans[place] = (float) Math.max(spans[place], highest - lowest);
            }
        }
        float[] once = boxed(spans, 2);
        for (int place = 0; place < PLACES; place++) {
            assertThat((double) found[place]).isCloseTo(2 * box(once, 0, place, 2), within(1e-5));
        }
    }

    private static float[] boxed(float[] plane, int radius) {
        var boxed = new float[PLACES];
        for (int place = 0; place < PLACES; place++) {
            boxed[place] = (float) box(plane, 0, place, radius);
        }
        return boxed;
    }

    @Test
    void gate_withChangesThatGrowToTheRight_opensWithTheirMeanSquareAndTheNewestPeak() {
        int times = 10;
        double level = 1 / 255.0;
        float[] context = values(times * 3 * PLACES, 0, 7 * level);
        for (int t = 0; t < times; t++) {
            for (int channel = 0; channel < 3; channel++) {
                for (int place = 0; place < PLACES; place++) {
                    // From nothing on the left to all of it on the right.
                    context[(t * 3 + channel) * PLACES + place] *= (float) (place % SIDE) / SIDE;
                }
            }
        }

        float[] gate =
                torch.call("gate", array(context, 1, times, 3, SIDE, SIDE)).toFloatArray();

        var changes = new float[PLACES];
        for (int place = 0; place < PLACES; place++) {
            double sum = 0;
            for (int i = 3 * PLACES; i < context.length; i += PLACES) {
                sum += Math.pow(context[i + place] - context[i + place - 3 * PLACES], 2);
            }
            changes[place] = (float) (sum / ((times - 1) * 3));
        }
        double peak = 0; // 31x31 around any pixel is all of the picture
        for (int i = (times - 3) * 3 * PLACES; i < context.length; i++) {
            peak = Math.max(peak, Math.abs(context[i] - context[i - 3 * PLACES]) / level);
        }
        assertThat(peak).as("so that both count").isBetween(4.5, 7.5);
        for (int place = 0; place < PLACES; place++) {
            double moved = box(changes, 0, place, 10);
            double stirs = Math.max(0, Math.min(1, (moved - 5.2e-6) / 1.56e-5));
            assertThat((double) gate[place]).isCloseTo(stirs * (peak - 4) / 4, within(1e-4));
        }
        assertThat(gate[PLACES / 2]).as("held in part").isBetween(0.02f, 0.9f);
    }

    @Test
    void gate_withChangesOfAboutALevel_opensBetween058And116Levels_within15PixelsOfALargerOne() {
        int times = 10;
        int side = 48;
        int sparkRow = 20;
        int sparkColumn = 24;
        double spark = 7.0; // levels, of one colour in the last change
        var context = new float[times * 3 * side * side];
        var changes = new double[side * side];
        for (int place = 0; place < side * side; place++) {
            double change = place % side / 32.0; // up to 1.5 levels, up and down again
            changes[place] = change * change;
            for (int i = 0; i < times * 3; i++) {
                context[i * side * side + place] = (float) (i / 3 % 2 * change / 255);
            }
        }
        int at = sparkRow * side + sparkColumn;
        changes[at] = (changes[at] * (3 * (times - 1) - 1) + spark * spark) / (3 * (times - 1));
        context[(times - 1) * 3 * side * side + at] =
                context[(times - 2) * 3 * side * side + at] + (float) (spark / 255);

        float[] gate =
                torch.call("gate", array(context, 1, times, 3, side, side)).toFloatArray();

        int open = 0;
        for (int row = 0; row < side; row++) {
            for (int column = 0; column < side; column++) {
                double sum = 0; // beyond the border the outermost pixel is repeated
                for (int y = row - 10; y <= row + 10; y++) {
                    for (int x = column - 10; x <= column + 10; x++) {
                        sum += changes[Math.max(0, Math.min(side - 1, y)) * side + Math.max(0, Math.min(side - 1, x))];
                    }
                }
                double meanSquare = sum / (21 * 21) / (255 * 255);
                double stirs = Math.max(0, Math.min(1, (meanSquare - 5.2e-6) / 1.56e-5));
                boolean near = Math.abs(row - sparkRow) <= 15 && Math.abs(column - sparkColumn) <= 15;
                double expected = near ? stirs * (spark / 4 - 1) : 0;
                assertThat((double) gate[row * side + column]).isCloseTo(expected, within(1e-4));
                open += expected > 0.1 && expected < 0.7 ? 1 : 0;
            }
        }
        assertThat(open).as("pixels where it is open in part").isGreaterThan(100);
    }

    @Test
    void caution_withChangesThatGrowToTheRight_goesFromHalfToAllOfTheWay() {
        int times = 10;
        int side = 64;
        var context = new float[times * 3 * side * side];
        var changes = new float[side * side];
        for (int place = 0; place < side * side; place++) {
            float change = place % side / (8 * 255f); // up to 7.9 levels, up and down again
            changes[place] = change * change;
            for (int t = 0; t < times; t++) {
                for (int channel = 0; channel < 3; channel++) {
                    context[(t * 3 + channel) * side * side + place] = t % 2 * change;
                }
            }
        }

        float[] caution =
                torch.call("caution", array(context, 1, times, 3, side, side)).toFloatArray();

        for (int column = 0; column < side; column++) {
            double sum = 0; // the rows are alike; beyond the border the outermost pixel stands again
            for (int near = column - 10; near <= column + 10; near++) {
                sum += changes[Math.max(0, Math.min(side - 1, near))] / 21;
            }
            double levels = Math.sqrt(sum) * 255;
            double expected = levels < 2.5 ? 0.5 : levels > 5 ? 1 : levels / 5;
            assertThat((double) caution[20 * side + column]).isCloseTo(expected, within(1e-4));
        }
        assertThat(caution[20 * side]).isEqualTo(0.5f);
        assertThat(caution[20 * side + side - 1]).isEqualTo(1);
    }

    @Test
    void gate_aSpotThatChanged_opensAroundIt_unlessThatIsLongAgo() {
        int side = 48;
        int times = 10;
        var spot = new float[times * 3 * side * side];
        var before = spot.clone();
        for (int t = 0; t < times; t++) {
            for (int i = 0; i < 3; i++) {
                int place = ((t * 3 + i) * side + 20) * side + 22;
                spot[place] = t < times - 3 ? 0 : 1; // the last change but two
                before[place] = t < times - 4 ? 0 : 1;
            }
        }

        float[] gate = torch.call("gate", array(spot, 1, times, 3, side, side)).toFloatArray();
        float[] late =
                torch.call("gate", array(before, 1, times, 3, side, side)).toFloatArray();

        for (int row = 0; row < side; row++) {
            for (int column = 0; column < side; column++) {
                boolean near = Math.abs(row - 20) <= 10 && Math.abs(column - 22) <= 10;
                assertThat(gate[row * side + column]).isEqualTo(near ? 1 : 0);
                assertThat(late[row * side + column]).isZero();
            }
        }
    }

    @Test
    void blend_isTheSoftmaxOfTheChoicesAndABoundedChange_asFarAsTheGateIsOpen() {
        int steps = 2;
        float[] candidates = values(18 * PLACES, 0, 1);
        float[] activity = values(PLACES, 0, 0.5);
        float[] gate = values(PLACES, 0, 1);
        float[] still = values(HIDDEN * PLACES, -1, 1);
        float[] moving = values(CARRIED * PLACES, -1, 1);
        float[] grids = values(steps * WAYS * PLACES * 2, -1.3, 1.3);
        float[] uncovered = values(steps * WAYS * PLACES, 0, 1);
        float[] prior = values(steps * CHOICES, -2, 2);
        float[] phases = values(steps * PHASES, 0, 1);
        int locals = WAYS * CARRIED + FlowMixture.LOCAL;
        float[] motionWeight = values(HIDDEN * locals, -0.5, 0.5);
        float[] phaseWeight = values(HIDDEN * PHASES, -0.5, 0.5);
        float[] outWeight = values((CHOICES + 3) * HIDDEN, -1, 1);
        float[] outBias = values(CHOICES + 3, -0.5, 0.5);

        NDArray found = torch.call(
                "blend",
                array(candidates, 1, 18, SIDE, SIDE),
                array(activity, 1, 1, SIDE, SIDE),
                array(gate, 1, 1, SIDE, SIDE),
                array(still, 1, HIDDEN, SIDE, SIDE),
                array(moving, 1, CARRIED, SIDE, SIDE),
                array(grids, 1, steps, WAYS, SIDE, SIDE, 2),
                array(uncovered, 1, steps, WAYS, SIDE, SIDE),
                array(prior, steps, CHOICES),
                array(phases, steps, PHASES),
                array(motionWeight, HIDDEN, locals, 1, 1),
                array(phaseWeight, HIDDEN, PHASES),
                array(outWeight, CHOICES + 3, HIDDEN, 1, 1),
                array(outBias, CHOICES + 3));

        assertThat(found.getShape()).isEqualTo(new Shape(1, steps, 3, SIDE, SIDE));
        float[] mixed = found.toFloatArray();
        for (int step = 0; step < steps; step++) {
            for (int place = 0; place < PLACES; place++) {
                var choices = new double[CHOICES][3];
                var input = new double[locals];
                for (int way = 0; way < WAYS; way++) {
                    int at = ((step * WAYS + way) * PLACES + place) * 2;
                    double strayed = 0;
                    for (int channel = 0; channel < 3; channel++) {
                        double warped = fetch(candidates, channel, grids[at], grids[at + 1]);
                        choices[3 + way][channel] = warped;
                        strayed += Math.abs(warped - candidates[channel * PLACES + place]) / 3;
                        if (way == 1) {
                            choices[7][channel] = fetch(candidates, 15 + channel, grids[at], grids[at + 1]);
                        }
                    }
                    for (int feature = 0; feature < CARRIED; feature++) {
                        input[way * CARRIED + feature] = fetch(moving, feature, grids[at], grids[at + 1]);
                    }
                    input[WAYS * CARRIED + way] = 4 * strayed;
                    input[WAYS * CARRIED + WAYS + way] = 4 * uncovered[(step * WAYS + way) * PLACES + place];
                }
                for (int channel = 0; channel < 3; channel++) {
                    choices[0][channel] = candidates[channel * PLACES + place];
                    choices[1][channel] = candidates[(3 + channel) * PLACES + place];
                    choices[2][channel] = candidates[(6 + channel) * PLACES + place];
                    choices[6][channel] = candidates[(9 + channel) * PLACES + place];
                    choices[8][channel] = candidates[(12 + channel) * PLACES + place];
                }
                var hidden = new double[HIDDEN];
                for (int unit = 0; unit < HIDDEN; unit++) {
                    double sum = still[unit * PLACES + place];
                    for (int i = 0; i < locals; i++) {
                        sum += motionWeight[unit * locals + i] * input[i];
                    }
                    for (int i = 0; i < PHASES; i++) {
                        sum += phaseWeight[unit * PHASES + i] * phases[step * PHASES + i];
                    }
                    hidden[unit] = sum > 0 ? sum : 0.1 * sum;
                }
                var out = pointwise(outBias, outWeight, hidden);
                double total = 0;
                var shares = new double[CHOICES];
                for (int choice = 0; choice < CHOICES; choice++) {
                    shares[choice] = Math.exp(out[choice] + prior[step * CHOICES + choice]);
                    total += shares[choice];
                }
                for (int channel = 0; channel < 3; channel++) {
                    double expected = Math.tanh(out[CHOICES + channel]) * activity[place];
                    for (int choice = 0; choice < CHOICES; choice++) {
                        expected += shares[choice] / total * choices[choice][channel];
                    }
                    double last = choices[0][channel];
                    expected = last + gate[place] * (expected - last);
                    assertThat((double) mixed[(step * 3 + channel) * PLACES + place])
                            .isCloseTo(expected, within(1e-4 * Math.max(0.1, Math.abs(expected))));
                }
            }
        }
    }

    private static double[] pointwise(float[] bias, float[] weight, double[] hidden) {
        var out = new double[bias.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = bias[i];
            for (int unit = 0; unit < hidden.length; unit++) {
                out[i] += weight[i * hidden.length + unit] * hidden[unit];
            }
        }
        return out;
    }

    private NDArray array(float[] values, long... shape) {
        return manager.create(values, new Shape(shape));
    }
}
