package io.framecast.model;

import io.framecast.frame.FrameShape;
import io.framecast.model.onnx.OnnxGraph;
import io.framecast.model.onnx.OnnxGraph.Attribute;
import io.framecast.model.onnx.OnnxGraph.ElementType;
import io.framecast.model.onnx.OnnxGraph.Value;
import java.util.List;

/**
 * One field of optical flow in a graph: what {@link io.framecast.motion.FlowField} says of it, with the same numbers. P
 * are the H W pixels, row by row.
 */
final class OnnxMotion {
    /** As {@code motion.Arrivals} has it: a pixel covers what is within so many pixels of it. */
    private static final float REACH = 0.75f;

    private final OnnxGraph graph;
    private final int height;
    private final int width;
    private final int pixels;
    private final Value dx; // (B, P)
    private final Value dy; // (B, P)

    /**
     * Where the pixels of some steps come from.
     *
     * @param places (B, S, H, W, 2), as {@link OnnxGraph#sample} takes them
     * @param uncovered (B, S, H, W), 1 where nothing is known to arrive
     */
    record Ahead(Value places, Value uncovered) {}

    /** @param flow (B, H, W, 2): columns and rows, in pixels a frame */
    OnnxMotion(OnnxGraph graph, FrameShape shape, Value flow) {
        this.graph = graph;
        height = shape.height();
        width = shape.width();
        pixels = height * width;
        dx = graph.reshape(graph.select(flow, 3, 0L), -1, pixels);
        dy = graph.reshape(graph.select(flow, 3, 1L), -1, pixels);
    }

    /** Columns, then rows, in pixels a frame: (B, 2, H, W). */
    Value field() {
        return graph.concat(1, picture(dx), picture(dy));
    }

    private Value picture(Value values) {
        return graph.reshape(values, -1, 1, height, width);
    }

    /** Where each pixel was some frames earlier: (B, H, W, 2), as {@link OnnxGraph#sample} takes it. */
    Value earlier(int frames) {
        return graph.reshape(
                places(
                        graph.subtract(columns(1, pixels), graph.multiply(dx, frames)),
                        graph.subtract(rows(1, pixels), graph.multiply(dy, frames))),
                -1,
                height,
                width,
                2);
    }

    /** Columns and rows of the same shape as one value, with a last dimension for the two, from -1 to 1. */
    private Value places(Value columns, Value rows) {
        Value x = graph.add(graph.divide(columns, graph.number((width - 1) / 2f)), -1);
        Value y = graph.add(graph.divide(rows, graph.number((height - 1) / 2f)), -1);
        return graph.of(
                "Concat",
                List.of(new Attribute("axis", -1L)),
                graph.of("Unsqueeze", x, graph.integers(-1)),
                graph.of("Unsqueeze", y, graph.integers(-1)));
    }

    private Value columns(long... shape) {
        var columns = new float[pixels];
        for (int place = 0; place < pixels; place++) {
            columns[place] = place % width;
        }
        return graph.constant(columns, shape);
    }

    private Value rows(long... shape) {
        var rows = new float[pixels];
        for (int place = 0; place < pixels; place++) {
            int row = place / width;
            rows[place] = row;
        }
        return graph.constant(rows, shape);
    }

    /**
     * Where each pixel comes from, if everything keeps its course.
     *
     * @param frames how often the movement is repeated, of each of S steps
     */
    Ahead ahead(float... frames) {
        int steps = frames.length;
        Value repeated = graph.constant(frames, 1, steps, 1);
        Value arrivals = arrivals(repeated, steps); // (B, S, P): places, or -1
        Value none = graph.of("Less", arrivals, graph.number(0));
        Value itself = graph.constant(iota(), 1, 1, pixels);
        Value origins = graph.cast(graph.of("Where", none, itself, arrivals), ElementType.INT64);
        Value columns = graph.subtract(columns(1, 1, pixels), graph.multiply(repeated, at(dx, steps, origins)));
        Value rows = graph.subtract(rows(1, 1, pixels), graph.multiply(repeated, at(dy, steps, origins)));
        return new Ahead(
                graph.reshape(places(columns, rows), 0, steps, height, width, 2),
                graph.reshape(graph.cast(none, ElementType.FLOAT32), 0, steps, height, width));
    }

    private float[] iota() {
        var places = new float[pixels];
        for (int place = 0; place < pixels; place++) {
            places[place] = place;
        }
        return places;
    }

    /** Values (B, P) at places (B, S, P). */
    private Value at(Value values, int steps, Value places) {
        return graph.of(
                "GatherElements",
                List.of(new Attribute("axis", 2L)),
                graph.expand(graph.withDimension(values, 1), 1, steps, 1),
                places);
    }

    /**
     * The pixel whose movement arrives at each: of several the fastest, of equally fast ones the first. So pixels are
     * ranked by speed, each writes its rank to the places that it covers, and of what is written the highest remains.
     */
    private Value arrivals(Value repeated, int steps) {
        Value speeds = graph.add(graph.square(dx), graph.square(dy)); // squared: only compared
        Value fastestFirst = graph.topPlaces(speeds, pixels); // (B, P), of equal ones the first
        Value x = landing(columns(1, pixels), dx, fastestFirst, repeated); // (B, S, P)
        Value y = landing(rows(1, pixels), dy, fastestFirst, repeated);
        Value left = graph.add(x, -REACH);
        Value right = graph.add(x, REACH);
        Value top = graph.add(y, -REACH);
        Value bottom = graph.add(y, REACH);
        Value inside = graph.of(
                "And",
                graph.of("And", notNegative(right), notNegative(bottom)),
                graph.of("And", atMost(left, width - 1), atMost(top, height - 1)));
        Value first = graph.clip(graph.of("Ceil", left), 0, width - 1);
        Value last = graph.clip(graph.of("Floor", right), 0, width - 1);
        Value upper = graph.multiply(graph.clip(graph.of("Ceil", top), 0, height - 1), width);
        Value lower = graph.multiply(graph.clip(graph.of("Floor", bottom), 0, height - 1), width);
        Value outside = graph.number(pixels); // a place more, for what arrives nowhere
        Value covered = graph.concat(
                2,
                graph.of("Where", inside, graph.add(upper, first), outside),
                graph.of("Where", inside, graph.add(upper, last), outside),
                graph.of("Where", inside, graph.add(lower, first), outside),
                graph.of("Where", inside, graph.add(lower, last), outside)); // (B, S, 4 P)
        var falling = new float[4 * pixels];
        for (int i = 0; i < falling.length; i++) {
            falling[i] = pixels - i % pixels;
        }
        Value places = graph.cast(covered, ElementType.INT64);
        Value ranks = graph.add(
                graph.multiply(covered, 0),
                graph.constant(falling, 1, 1, 4L * pixels)); // (B, S, 4 P), from P down to 1
        Value empty = graph.multiply(graph.concat(2, x, graph.slice(x, 2, 0, 1)), 0); // (B, S, P + 1)
        Value highest = graph.slice(
                graph.of(
                        "ScatterElements",
                        List.of(new Attribute("axis", 2L), new Attribute("reduction", "max")),
                        empty,
                        places,
                        ranks),
                2,
                0,
                pixels); // 0 where nothing arrives
        Value position = graph.clip(graph.subtract(graph.number(pixels), highest), 0, pixels - 1);
        Value arrived =
                graph.cast(at(fastestFirst, steps, graph.cast(position, ElementType.INT64)), ElementType.FLOAT32);
        return graph.of("Where", graph.of("Less", highest, graph.number(1)), graph.number(-1), arrived);
    }

    /** Where pixels arrive, in the order of {@code places}: (B, S, P). */
    private Value landing(Value from, Value movement, Value places, Value repeated) {
        List<Attribute> alongPixels = List.of(new Attribute("axis", 1L));
        Value ordered = graph.of("GatherElements", alongPixels, movement, places); // (B, P)
        Value start = graph.of("GatherElements", alongPixels, graph.add(graph.multiply(movement, 0), from), places);
        return graph.add(graph.withDimension(start, 1), graph.multiply(repeated, graph.withDimension(ordered, 1)));
    }

    private Value notNegative(Value x) {
        return graph.of("GreaterOrEqual", x, graph.number(0));
    }

    private Value atMost(Value x, double most) {
        return graph.of("LessOrEqual", x, graph.number(most));
    }
}
