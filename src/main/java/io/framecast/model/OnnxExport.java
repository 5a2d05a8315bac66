package io.framecast.model;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.framecast.forecast.Forecast;
import io.framecast.frame.FrameShape;
import io.framecast.model.engine.TorchEngine;
import io.framecast.model.onnx.OnnxGraph;
import io.framecast.model.onnx.OnnxGraph.ElementType;
import io.framecast.model.onnx.OnnxGraph.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/**
 * Writes models in ONNX: from the bytes of frames, (batch, context, height, width, 3), and where a network needs it the
 * optical flow between them, to the bytes of the forecast, (batch, 32, height, width, 3).
 */
public final class OnnxExport {
    private static final String FORECAST = "forecast";

    private OnnxExport() {}

    /**
     * What a model in ONNX takes besides frames.
     *
     * @param contextLength how many frames
     * @param flowFields how many fields of optical flow; 0 if none
     */
    public record Inputs(int contextLength, int flowFields) {}

    /**
     * Writes a model, whole or not at all.
     *
     * @return what it takes
     * @throws ModelException if the model is damaged
     * @throws UncheckedIOException if the file cannot be written
     */
    public static Inputs write(ModelFolder folder, Path file) {
        ModelDescription description = folder.description();
        FrameShape shape = folder.shape();
        var graph = new OnnxGraph(
                description.name(),
                Map.of(
                        "model",
                        description.name(),
                        "version",
                        description.version(),
                        "summary",
                        description.summary()));
        FramePredictor network;
        try (Torch torch = Torch.open();
                NDManager manager = TorchEngine.load().newBaseManager(Device.cpu())) {
            network = folder.load(torch, manager);
            var window = OnnxWindow.of(graph, shape, description.contextLength(), network.flowFields());
            Value frames = window.toBytes(network.addTo(window, Forecast.HORIZON));
            graph.output(
                    FORECAST,
                    frames,
                    ElementType.UINT8,
                    Forecast.HORIZON,
                    shape.height(),
                    shape.width(),
                    shape.channels());
        }
        try {
            Path partial = file.resolveSibling(
                    file.getFileName() + "." + ProcessHandle.current().pid() + ".partial");
            try {
                graph.write(partial);
                Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(partial);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write '" + file + "'", e);
        }
        return new Inputs(description.contextLength(), network.flowFields());
    }
}
