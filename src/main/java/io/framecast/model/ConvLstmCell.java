package io.framecast.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import io.framecast.model.onnx.OnnxGraph;
import io.framecast.model.onnx.OnnxGraph.Value;
import java.util.List;

/**
 * A convolutional LSTM with peephole connections (Shi et al. 2015, "Convolutional LSTM Network", equation 3):
 *
 * <pre>
 * i = sigmoid(Wxi * x + Whi * h + Wci . c + bi)
 * f = sigmoid(Wxf * x + Whf * h + Wcf . c + bf + 1)
 * c' = f . c + i . tanh(Wxc * x + Whc * h + bc)
 * o = sigmoid(Wxo * x + Who * h + Wco . c' + bo)
 * h' = o . tanh(c')
 * </pre>
 *
 * with {@code *} a convolution and {@code .} a product by element. The 1 keeps memory open at the start of training
 * (Jozefowicz et al. 2015). The convolutions of the input do not depend on the state, so all time steps go through them
 * in one call; only those of the hidden state are sequential.
 */
final class ConvLstmCell extends AbstractBlock {
    private static final int GATES = 4;

    /** The list of a rollout that holds cells. */
    private static final String CELLS = "cells";

    private final int filters;
    private final Conv2d inputToGates;
    private final Conv2d hiddenToGates;
    private final Parameter peepInput;
    private final Parameter peepForget;
    private final Parameter peepOutput;

    /**
     * Makes a cell.
     *
     * @param filters channels of the hidden state
     * @param kernel odd side of the kernels
     */
    ConvLstmCell(Torch torch, int filters, int kernel) {
        this.filters = filters;
        inputToGates = addChildBlock("inputToGates", new Conv2d(torch, GATES * filters, kernel, 1));
        hiddenToGates = addChildBlock("hiddenToGates", new Conv2d(torch, GATES * filters, kernel, 1, false));
        peepInput = addPeephole("peepInput");
        peepForget = addPeephole("peepForget");
        peepOutput = addPeephole("peepOutput");
    }

    /**
     * Adds this cell to a rollout.
     *
     * @param picture one of its input (C, H, W)
     * @return one of its hidden state
     */
    Shape addTo(Rollout.Builder rollout, Shape picture) {
        var hidden = new Shape(filters, picture.get(1), picture.get(2));
        NDArray bias = inputToGates.bias();
        try (NDManager scratch = bias.getManager().newSubManager()) {
            rollout.convolution(CELLS, inputToGates.weight(), biasWithOpenMemory(scratch, bias), 1, picture);
        }
        rollout.weights(CELLS, hiddenToGates.weight(), 1, hidden);
        for (Parameter peephole : List.of(peepInput, peepForget, peepOutput)) {
            rollout.peephole(CELLS, peephole.getArray());
        }
        return hidden;
    }

    /** The 1 that keeps memory open, added once. */
    private NDArray biasWithOpenMemory(NDManager scratch, NDArray bias) {
        float[] values = bias.toFloatArray(); // of i, f, c and o
        for (int filter = filters; filter < 2 * filters; filter++) {
            values[filter]++;
        }
        return scratch.create(values);
    }

    /**
     * One step of this cell in a graph.
     *
     * @param x (B, C, H, W)
     * @param state hidden and cell state, each (B, filters, H, W); empty before the first frame
     * @return hidden and cell state
     */
    List<Value> addTo(OnnxGraph graph, Value x, List<Value> state) {
        Value gates = inputToGates.addTo(graph, x);
        if (!state.isEmpty()) {
            gates = graph.add(gates, hiddenToGates.addTo(graph, state.get(0)));
        }
        List<Value> parts = graph.split(1, GATES, gates);
        Value input = parts.get(0);
        Value forget = graph.add(parts.get(1), 1);
        if (!state.isEmpty()) {
            input = graph.add(input, graph.multiply(state.get(1), peephole(graph, peepInput)));
            forget = graph.add(forget, graph.multiply(state.get(1), peephole(graph, peepForget)));
        }
        Value next = graph.multiply(graph.of("Sigmoid", input), graph.of("Tanh", parts.get(2)));
        if (!state.isEmpty()) {
            next = graph.add(graph.multiply(graph.of("Sigmoid", forget), state.get(1)), next);
        }
        Value output = graph.of("Sigmoid", graph.add(parts.get(3), graph.multiply(next, peephole(graph, peepOutput))));
        return List.of(graph.multiply(output, graph.of("Tanh", next)), next);
    }

    private static Value peephole(OnnxGraph graph, Parameter weight) {
        return OnnxWindow.constant(graph, weight.getArray()); // (filters, H, W), the same for all windows
    }

    private Parameter addPeephole(String name) {
        return addParameter(Parameter.builder()
                .setName(name)
                .setType(Parameter.Type.OTHER)
                .optInitializer(Initializer.ZEROS)
                .build());
    }

    /**
     * Runs cells one upon the other.
     *
     * @param frames (B, T, C, H, W)
     * @param state hidden and cell state of each cell in turn, or empty before the first frame
     * @return hidden states of the last cell (B, T, filters, H, W), then the new state
     */
    static NDList runStack(
            List<ConvLstmCell> cells, ParameterStore store, NDArray frames, NDList state, boolean training) {
        NDArray features = frames;
        var next = new NDList();
        for (int i = 0; i < cells.size(); i++) {
            ConvLstmCell cell = cells.get(i);
            NDList before = state.isEmpty() ? cell.zeroState(features) : state.subNDList(2 * i, 2 * i + 2);
            NDList after = cell.forward(store, new NDList(features, before.get(0), before.get(1)), training);
            features = after.get(0);
            next.addAll(after.subNDList(1));
        }
        var outputs = new NDList(features);
        outputs.addAll(next);
        return outputs;
    }

    /**
     * A step of cells one upon the other in a graph.
     *
     * @param frame (B, C, H, W)
     * @param states of each cell, replaced by the new ones; empty before the first frame
     * @return hidden state of the last cell (B, filters, H, W)
     */
    static Value addStackTo(OnnxGraph graph, List<ConvLstmCell> cells, Value frame, List<List<Value>> states) {
        Value features = frame;
        for (int i = 0; i < cells.size(); i++) {
            boolean isFirst = states.size() <= i;
            List<Value> next = cells.get(i).addTo(graph, features, isFirst ? List.of() : states.get(i));
            if (isFirst) {
                states.add(next);
            } else {
                states.set(i, next);
            }
            features = next.get(0);
        }
        return features;
    }

    /** Prepares cells that stand one upon the other, and returns the shape of what the last gives. */
    static Shape initializeStack(List<ConvLstmCell> cells, NDManager manager, DataType dataType, Shape frames) {
        Shape features = frames;
        for (ConvLstmCell cell : cells) {
            cell.initialize(manager, dataType, features);
            features = cell.getOutputShapes(new Shape[] {features})[0];
        }
        return features;
    }

    /** The state before the first frame: hidden and cell, each (B, filters, H, W) of zeros. */
    private NDList zeroState(NDArray frames) {
        Shape shape = frames.getShape(); // (B, T, C, H, W)
        var state = new Shape(shape.get(0), filters, shape.get(3), shape.get(4));
        var manager = frames.getManager();
        return new NDList(manager.zeros(state), manager.zeros(state));
    }

    /**
     * Runs the cell over time.
     *
     * @param inputs frames (B, T, C, H, W), then hidden and cell state (B, filters, H, W)
     * @return hidden states of all steps (B, T, filters, H, W), then the last hidden and cell state
     */
    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, PairList<String, Object> parameters) {
        NDArray frames = inputs.get(0);
        NDArray hidden = inputs.get(1);
        NDArray cell = inputs.get(2);
        NDList fromInput = inputGates(store, frames, training);
        var device = frames.getDevice();
        var weights = new Peepholes(
                store.getValue(peepInput, device, training),
                store.getValue(peepForget, device, training),
                store.getValue(peepOutput, device, training));
        var states = new NDList();
        for (NDArray stepFromInput : fromInput) {
            NDArray gates = stepFromInput
                    .squeeze(0)
                    .add(hiddenToGates
                            .forward(store, new NDList(hidden), training)
                            .singletonOrThrow());
            NDList next = advance(gates, cell, weights);
            hidden = next.get(0);
            cell = next.get(1);
            states.add(hidden);
        }
        return new NDList(NDArrays.stack(states, 1), hidden, cell);
    }

    /**
     * What the frames (B, T, C, H, W) say to the gates: T of (1, B, 4 filters, H, W). Split at once, because the
     * gradient of a part that is taken by its index is as large as the whole.
     */
    private NDList inputGates(ParameterStore store, NDArray frames, boolean training) {
        Shape shape = frames.getShape();
        var flat = frames.swapAxes(0, 1).reshape(new Shape(shape.get(1) * shape.get(0)).addAll(shape.slice(2)));
        var gates = inputToGates.forward(store, new NDList(flat), training).singletonOrThrow();
        return gates.reshape(shape.get(1), shape.get(0), (long) GATES * filters, shape.get(3), shape.get(4))
                .split(shape.get(1), 0);
    }

    private record Peepholes(NDArray input, NDArray forget, NDArray output) {}

    /** One step: gates before their non-linearity (B, 4 filters, H, W) in the order i, f, c, o. */
    private static NDList advance(NDArray gates, NDArray cell, Peepholes weights) {
        NDList parts = gates.split(GATES, 1);
        NDArray input = Activation.sigmoid(parts.get(0).add(cell.mul(weights.input())));
        NDArray forget =
                Activation.sigmoid(parts.get(1).add(cell.mul(weights.forget())).add(1));
        NDArray next = forget.mul(cell).add(input.mul(parts.get(2).tanh()));
        NDArray output = Activation.sigmoid(parts.get(3).add(next.mul(weights.output())));
        return new NDList(output.mul(next.tanh()), next);
    }

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {
        Shape frames = inputShapes[0]; // (B, T, C, H, W)
        long pictures = frames.get(0) * frames.get(1);
        inputToGates.initialize(manager, dataType, new Shape(pictures).addAll(frames.slice(2)));
        hiddenToGates.initialize(manager, dataType, new Shape(frames.get(0), filters, frames.get(3), frames.get(4)));
    }

    @Override
    protected void prepare(Shape[] inputShapes) {
        var shape = new Shape(filters, inputShapes[0].get(3), inputShapes[0].get(4));
        peepInput.setShape(shape);
        peepForget.setShape(shape);
        peepOutput.setShape(shape);
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        Shape frames = inputShapes[0];
        var state = new Shape(frames.get(0), filters, frames.get(3), frames.get(4));
        return new Shape[] {new Shape(frames.get(0), frames.get(1), filters, frames.get(3), frames.get(4)), state, state
        };
    }
}
