package io.framecast.model;

import io.framecast.frame.FrameShape;
import io.framecast.model.onnx.OnnxGraph;
import io.framecast.model.onnx.OnnxGraph.Attribute;
import io.framecast.model.onnx.OnnxGraph.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The arithmetic of {@code flow-mixture.torchscript} in a graph; its functions have the same names here, and their
 * constants their reasons there. All steps of a forecast are computed at once: N is their number.
 */
final class OnnxMixture {
    private static final float LEAK = 0.1f;

    private final OnnxGraph graph;
    private final FrameShape shape;

    /** The motion ahead of a window, of the near flow, the steady one, and the steady one slowing down. */
    record Arriving(OnnxMotion.Ahead near, OnnxMotion.Ahead steady, OnnxMotion.Ahead slowing) {}

    /** What the steps share: candidates (B, 18, H, W), activity and gate (B, 1, H, W). */
    record Picture(Value candidates, Value activity, Value gate) {}

    /**
     * The weights of the blend, as {@link FlowNetwork} names them.
     *
     * @param hidden D features
     */
    record Weights(int hidden, Value motion, Value phase, Value out, Value outBias) {}

    OnnxMixture(OnnxGraph graph, FrameShape shape) {
        this.graph = graph;
        this.shape = shape;
    }

    /** Context (B, T, 3, H, W) in [0, 1] to (B, 18, H, W). */
    Value candidates(Value context, int length) {
        return candidates(context, length, meanOverTime(context));
    }

    /** The same with another mean, (B, 3, H, W). */
    Value candidates(Value context, int length, Value mean) {
        Value x = graph.select(context, 1, -1L);
        Value recent = graph.select(context, 1, 0L);
        for (int time = 1; time < length; time++) {
            Value newer = graph.subtract(graph.select(context, 1, (long) time), recent);
            recent = graph.add(recent, graph.multiply(newer, 0.3));
        }
        return graph.concat(1, x, recent, mean, blur(x, 3), blur(mean, 2), blur(x, 1));
    }

    private Value meanOverTime(Value context) {
        return graph.select(graph.mean(context, 1), 1, 0L);
    }

    /** Mean over the (2 radius + 1)^2 pixels around each: (..., H, W), of the frames' size. */
    Value box(Value x, int radius) {
        return box(x, radius, shape.height(), shape.width());
    }

    Value box(Value x, int radius, int height, int width) {
        Value columns = graph.of("MatMul", window(height, radius, true), x);
        return graph.of("MatMul", columns, window(width, radius, false));
    }

    /**
     * How much each pixel counts in the mean around each: (size, size), a row for each pixel, or transposed for each
     * mean.
     */
    private Value window(int size, int radius, boolean transposed) {
        var shares = new float[size * size];
        for (int mean = 0; mean < size; mean++) {
            for (int place = mean - radius; place <= mean + radius; place++) {
                int pixel = Math.max(0, Math.min(size - 1, place));
                shares[transposed ? mean * size + pixel : pixel * size + mean] += 1f / (2 * radius + 1);
            }
        }
        return graph.constant(shares, size, size);
    }

    Value blur(Value x, int radius) {
        return box(box(x, radius), radius);
    }

    private Value distance(Value a, Value b) {
        return graph.mean(graph.of("Abs", graph.subtract(a, b)), 1);
    }

    private Value grey(Value x) {
        return graph.mean(x, 1);
    }

    /** (B, T, 3, H, W) to (B, 3, H, W). */
    private Value span(Value context) {
        return graph.select(graph.subtract(graph.largest(context, 1), graph.smallest(context, 1)), 1, 0L);
    }

    private Value widestSpan(Value context) {
        return graph.largest(span(context), 1); // (B, 1, H, W)
    }

    /** What the trunk reads: (B, 45, H, W) of ten frames. */
    Value evidence(Value context, int length, Value candidates, OnnxMotion near, OnnxMotion steady) {
        Value x = graph.slice(candidates, 1, 0, 3);
        Value recent = graph.slice(candidates, 1, 3, 6);
        Value mean = graph.slice(candidates, 1, 6, 9);
        Value before1 = graph.select(context, 1, length - 2L);
        Value before3 = graph.select(context, 1, length - 4L);
        Value before6 = graph.select(context, 1, length - 7L);
        Value first = graph.select(context, 1, 0L);
        Value earlier = graph.slice(context, 1, 0, length - 1L);
        Value spread = graph.subtract(context, graph.withDimension(mean, 1));
        Value deviation = graph.of("Sqrt", meanOverTime(graph.square(spread)));
        Value distances = graph.mean(graph.of("Abs", graph.subtract(graph.withDimension(x, 1), earlier)), 2);
        return graph.concat(
                1,
                graph.add(x, -0.5),
                graph.multiply(graph.subtract(x, recent), 3),
                graph.multiply(graph.subtract(x, mean), 3),
                graph.multiply(graph.subtract(x, before1), 3),
                graph.multiply(grey(graph.subtract(x, before3)), 3),
                graph.multiply(grey(graph.subtract(x, first)), 3),
                graph.multiply(grey(deviation), 6),
                graph.multiply(widestSpan(context), 2),
                graph.multiply(near.field(), 0.5),
                graph.multiply(steady.field(), 0.5),
                error(before1, near.earlier(1), x),
                error(before1, steady.earlier(1), x),
                error(before3, steady.earlier(3), x),
                graph.multiply(distance(before3, x), 6),
                error(before6, steady.earlier(6), x),
                graph.multiply(distance(before6, x), 6),
                graph.multiply(withoutColours(distances, length - 1), 4),
                graph.add(withoutColours(graph.mean(context, 2), length), -0.5));
    }

    private Value error(Value earlier, Value places, Value x) {
        return graph.multiply(distance(graph.sample(earlier, places), x), 6);
    }

    /** (B, T, 1, H, W) to (B, T, H, W). */
    private Value withoutColours(Value x, int times) {
        return graph.reshape(x, 0, times, shape.height(), shape.width());
    }

    Value activity(Value context) {
        return graph.multiply(blur(widestSpan(context), 2), 2);
    }

    Value changes(Value context) {
        return graph.subtract(graph.slice(context, 1, 1), graph.slice(context, 1, 0, -1));
    }

    /** (B, T - 1, 3, H, W) to (B, 1, H, W). */
    Value unrest(Value changes) {
        return box(graph.select(graph.mean(graph.square(changes), 1, 2), 1, 0L), 10);
    }

    Value gateBy(Value changes, Value unrest) {
        double closed = 5.2e-06;
        Value stirs = graph.clip(graph.divide(graph.add(unrest, -closed), graph.number(3 * closed)), 0, 1);
        Value lately = graph.of("Abs", graph.slice(changes, 1, -3));
        Value peaks = graph.select(graph.largest(lately, 1, 2), 1, 0L); // (B, 1, H, W)
        Value peak = graph.of(
                "MaxPool",
                List.of(
                        new Attribute("kernel_shape", new long[] {31, 31}),
                        new Attribute("pads", new long[] {15, 15, 15, 15})),
                peaks);
        return graph.multiply(stirs, graph.clip(graph.add(graph.multiply(peak, 255. / 4), -1), 0, 1));
    }

    Value cautionBy(Value unrest) {
        Value ramp = graph.clip(graph.add(graph.multiply(graph.of("Sqrt", unrest), 255 / 2.5), -1), 0, 1);
        return graph.add(graph.multiply(ramp, 0.5), 0.5);
    }

    Value restraint(Value context) {
        Value changes = changes(context);
        Value unrest = unrest(changes);
        return graph.multiply(gateBy(changes, unrest), cautionBy(unrest));
    }

    /** Pictures (B, C, H, W) read at the places of N steps: (B, N, C, H, W). */
    Value arriving(Value pictures, int channels, Value places, int steps) {
        long height = shape.height();
        long width = shape.width();
        Value repeated = graph.expand(graph.withDimension(pictures, 1), 1, steps, 1, 1, 1);
        Value read = graph.sample(
                graph.reshape(repeated, -1, channels, height, width), graph.reshape(places, -1, height, width, 2));
        return graph.reshape(read, -1, steps, channels, height, width);
    }

    /**
     * The forecast.
     *
     * @param still (B, D, H, W), or (B, n, D, H, W) of the steps at which the network is asked
     * @param moving (B, C, H, W)
     * @param trusted (B, 9, H, W), added to the logarithms of the prior's shares
     * @return (B, N, 3, H, W)
     */
    Value blend(
            Picture picture,
            Value still,
            Value moving,
            int carried,
            Arriving motion,
            Answers answers,
            Optional<Value> trusted,
            Weights weights) {
        int[] steps = answers.steps();
        int[] asked = IntStream.range(0, steps.length).filter(answers::isAsked).toArray();
        Value x = graph.withDimension(graph.slice(picture.candidates(), 1, 0, 3), 1); // (B, 1, 3, H, W)
        Value slightly = graph.slice(picture.candidates(), 1, 15);
        Value sharp = graph.slice(picture.candidates(), 1, 0, 3);
        Value nearX = arriving(sharp, 3, motion.near().places(), steps.length); // (B, N, 3, H, W)
        Value steadyBoth =
                arriving(graph.concat(1, sharp, slightly), 6, motion.steady().places(), steps.length);
        Value slowingX = arriving(sharp, 3, motion.slowing().places(), steps.length);
        Value steadyX = graph.slice(steadyBoth, 2, 0, 3);

        Value features = graph.concat(
                2,
                arriving(moving, carried, at(motion.near().places(), asked, steps), asked.length),
                arriving(moving, carried, at(motion.steady().places(), asked, steps), asked.length),
                arriving(moving, carried, at(motion.slowing().places(), asked, steps), asked.length));
        Value local = graph.concat(
                2,
                graph.mean(graph.of("Abs", graph.subtract(at(nearX, asked, steps), x)), 2),
                graph.mean(graph.of("Abs", graph.subtract(at(steadyX, asked, steps), x)), 2),
                graph.mean(graph.of("Abs", graph.subtract(at(slowingX, asked, steps), x)), 2),
                graph.withDimension(at(motion.near().uncovered(), asked, steps), 2),
                graph.withDimension(at(motion.steady().uncovered(), asked, steps), 2),
                graph.withDimension(at(motion.slowing().uncovered(), asked, steps), 2));
        int hidden = weights.hidden();
        Value noBias = graph.constant(new float[hidden], hidden);
        Value moved = pointwise(
                graph.concat(2, features, graph.multiply(local, 4)),
                3 * carried + FlowMixture.LOCAL,
                weights.motion(),
                noBias,
                asked.length,
                hidden);
        int[] askedSteps = Arrays.stream(asked).map(i -> steps[i]).toArray();
        Value phases = graph.constant(FlowMixture.phases(askedSteps), asked.length, FlowMixture.PHASES);
        Value phase = graph.reshape(
                graph.of("MatMul", phases, graph.transpose(weights.phase(), 1, 0)), 1, asked.length, hidden, 1, 1);
        Value heard = graph.leakyRelu(graph.add(graph.add(still, moved), phase), LEAK);
        int outputs = FlowMixture.CANDIDATES + FlowMixture.COLOURS;
        Value out = pointwise(heard, hidden, weights.out(), weights.outBias(), asked.length, outputs);
        Value prior = graph.constant(FlowMixture.priors(askedSteps), 1, asked.length, FlowMixture.CANDIDATES, 1, 1);
        Value logarithms = graph.add(graph.slice(out, 2, 0, FlowMixture.CANDIDATES), prior);
        if (trusted.isPresent()) {
            logarithms = graph.add(logarithms, graph.withDimension(trusted.get(), 1));
        }
        Value answer = graph.concat(2, logarithms, graph.slice(out, 2, FlowMixture.CANDIDATES));
        Value everywhere = asked.length == steps.length ? answer : interpolated(answer, answers, asked, outputs);
        return mix(picture, everywhere, List.of(nearX, steadyX, slowingX, graph.slice(steadyBoth, 2, 3)));
    }

    /** Some of N steps. */
    private Value at(Value values, int[] some, int[] all) {
        return some.length == all.length ? values : graph.select(values, 1, some);
    }

    /** A 1x1 convolution of each step: (B, n, C, H, W) to (B, n, F, H, W). */
    private Value pointwise(Value x, int channels, Value weight, Value bias, int steps, int filters) {
        Value flat = graph.reshape(x, -1, channels, shape.height(), shape.width());
        return graph.reshape(
                graph.convolution(flat, weight, bias, 1, 1), -1, steps, filters, shape.height(), shape.width());
    }

    /** The answers at all steps from those at which the network was asked. */
    private Value interpolated(Value answer, Answers answers, int[] asked, int channels) {
        int count = answers.steps().length;
        var shares = new float[count * asked.length];
        float[] all = answers.shares();
        for (int step = 0; step < count; step++) {
            for (int i = 0; i < asked.length; i++) {
                shares[step * asked.length + i] = all[step * count + asked[i]];
            }
        }
        Value mixed = graph.of(
                "MatMul", graph.constant(shares, count, asked.length), graph.reshape(answer, 0, asked.length, -1));
        return graph.reshape(mixed, 0, count, channels, shape.height(), shape.width());
    }

    /**
     * @param warped x along the near flow, the steady one, and as it slows down; slightly blurred along the steady one
     */
    private Value mix(Picture picture, Value answer, List<Value> warped) {
        Value x = graph.withDimension(graph.slice(picture.candidates(), 1, 0, 3), 1); // (B, 1, 3, H, W)
        Value shares = graph.of(
                "Softmax", List.of(new Attribute("axis", 2L)), graph.slice(answer, 2, 0, FlowMixture.CANDIDATES));
        List<Value> choices = List.of(
                x,
                candidate(picture, 3),
                candidate(picture, 6),
                warped.get(0),
                warped.get(1),
                warped.get(2),
                candidate(picture, 9),
                warped.get(3),
                candidate(picture, 12));
        Value mixed = graph.multiply(graph.slice(shares, 2, 0, 1), choices.get(0));
        for (int i = 1; i < choices.size(); i++) {
            mixed = graph.add(mixed, graph.multiply(graph.slice(shares, 2, i, i + 1L), choices.get(i)));
        }
        Value change = graph.multiply(
                graph.of("Tanh", graph.slice(answer, 2, FlowMixture.CANDIDATES)),
                graph.withDimension(picture.activity(), 1));
        Value way = graph.subtract(graph.add(mixed, change), x);
        return graph.add(x, graph.multiply(graph.withDimension(picture.gate(), 1), way));
    }

    private Value candidate(Picture picture, int channel) {
        return graph.withDimension(graph.slice(picture.candidates(), 1, channel, channel + 3L), 1);
    }
}
