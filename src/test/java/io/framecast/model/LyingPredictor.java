package io.framecast.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import io.framecast.model.onnx.OnnxGraph;
import io.framecast.model.onnx.OnnxGraph.Value;
import java.util.List;

/** Gives other frames than its layers make, as an engine with a fault would. */
class LyingPredictor extends RecurrentPredictor {
    private final RecurrentPredictor network;

    LyingPredictor(RecurrentPredictor network) {
        this.network = network;
    }

    @Override
    NDList remember(ParameterStore store, NDArray frames, NDList state, boolean training) {
        return network.remember(store, frames, state, training);
    }

    @Override
    NDArray draw(ParameterStore store, NDArray features, NDArray frames, boolean training) {
        return network.draw(store, features, frames, training).add(0.1);
    }

    @Override
    Value remember(OnnxGraph graph, Value frame, List<List<Value>> states) {
        return network.remember(graph, frame, states);
    }

    @Override
    Value draw(OnnxGraph graph, Value features, Value frame) {
        return network.draw(graph, features, frame);
    }

    @Override
    void addTo(Rollout.Builder rollout, Shape picture) {
        network.addTo(rollout, picture);
    }
}
