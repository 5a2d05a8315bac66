package io.framecast.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import io.framecast.model.onnx.OnnxGraph;
import io.framecast.model.onnx.OnnxGraph.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * The vanilla network: ConvLSTM cells on raw frames, one upon the other at full size; the hidden state of the last, of
 * three filters, is the next frame (Shi et al. 2015, "Convolutional LSTM Network").
 */
final class ConvLstmStack extends RecurrentPredictor {
    private static final int CHANNELS = 3;

    private final List<ConvLstmCell> cells = new ArrayList<>();

    /**
     * Builds the network.
     *
     * @param hyper {@code filters} of the cells, the last 3 (default 32, 32, 3; the page's is 32, 128, 32, 3),
     *     {@code kernel} (default 3)
     */
    ConvLstmStack(HyperParameters hyper, Torch torch) {
        List<Integer> cellFilters = hyper.filters("filters", List.of(32, 32, CHANNELS));
        HyperParameters.requireLast(cellFilters, CHANNELS);
        int kernel = hyper.kernel("kernel", 3);
        for (int filters : cellFilters) {
            cells.add(addChildBlock("cell" + cells.size(), new ConvLstmCell(torch, filters, kernel)));
        }
    }

    @Override
    NDList remember(ParameterStore store, NDArray frames, NDList state, boolean training) {
        return ConvLstmCell.runStack(cells, store, frames, state, training);
    }

    @Override
    NDArray draw(ParameterStore store, NDArray features, NDArray frames, boolean training) {
        return features;
    }

    @Override
    void addTo(Rollout.Builder rollout, Shape picture) {
        rollout.method("convlstm");
        Shape shape = picture;
        for (ConvLstmCell cell : cells) {
            shape = cell.addTo(rollout, shape);
        }
    }

    @Override
    Value remember(OnnxGraph graph, Value frame, List<List<Value>> states) {
        return ConvLstmCell.addStackTo(graph, cells, frame, states);
    }

    @Override
    Value draw(OnnxGraph graph, Value features, Value frame) {
        return features;
    }

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {
        ConvLstmCell.initializeStack(cells, manager, dataType, inputShapes[0]);
    }
}
