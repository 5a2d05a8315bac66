package io.framecast.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import io.framecast.forecast.ExpectedError;
import io.framecast.forecast.Forecast;
import io.framecast.forecast.Forecaster;
import io.framecast.forecast.ModelVersion;
import io.framecast.forecast.Window;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.model.engine.ComputeDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * A network's forecasts of windows. For use by one thread at a time; on a processor it has one of its own for each
 * core.
 */
public final class NetworkForecaster implements Forecaster {
    private final ModelVersion model;
    private final int contextLength;
    private final FrameShape shape;
    private final Optional<ExpectedError> expectedError;
    private final Torch torch;
    private final NDManager manager;
    private final FramePredictor network;
    private final ParameterStore store;

    /** The faster way, where the network has one here. */
    private final Optional<PreparedForecast> prepared;

    private final ExecutorService executor =
            Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors(), NetworkForecaster::thread);

    private NetworkForecaster(ModelFolder folder, Torch torch, NDManager manager) {
        this.torch = torch;
        this.manager = manager;
        model = new ModelVersion(
                folder.description().name(), folder.description().version());
        contextLength = folder.description().contextLength();
        shape = folder.shape();
        expectedError = folder.expectedError();
        network = folder.load(torch, manager);
        store = new ParameterStore(manager, false);
        prepared = manager.getDevice().isGpu() ? Optional.empty() : network.prepared(manager, shape, Forecast.HORIZON);
    }

    /**
     * Loads a model and makes one forecast with it, so that the first real one is not the slow one.
     *
     * @throws ModelException if the folder is damaged
     */
    public static NetworkForecaster load(ModelFolder folder, ComputeDevice device) {
        Torch torch = Torch.open();
        NDManager manager = NDManager.newBaseManager(device.device(), "PyTorch");
        try {
            var forecaster = new NetworkForecaster(folder, torch, manager);
            forecaster.warmUp();
            return forecaster;
        } catch (RuntimeException e) {
            manager.close();
            torch.close();
            throw e;
        }
    }

    /** With noise: of a still picture, most of the default model's arithmetic would be left out. */
    private void warmUp() {
        var noise = new Random(0);
        List<Pixels> context = Stream.generate(() -> new byte[shape.bytes()])
                .peek(noise::nextBytes)
                .map(Pixels::copyOf)
                .limit(contextLength)
                .toList();
        run(List.of(context));
    }

    @Override
    public ModelVersion model() {
        return model;
    }

    @Override
    public int contextLength() {
        return contextLength;
    }

    @Override
    public Optional<FrameShape> takes() {
        return Optional.of(shape);
    }

    @Override
    public List<Forecast> forecast(List<Window> windows) {
        if (windows.isEmpty()) {
            return List.of();
        }
        List<List<Pixels>> contexts = windows.stream()
                .map(window -> window.frames().stream().map(Frame::pixels).toList())
                .toList();
        List<List<Pixels>> drawn = manager.getDevice().isGpu() ? run(contexts) : runEachAlone(contexts);
        var forecasts = new ArrayList<Forecast>();
        for (int i = 0; i < windows.size(); i++) {
            Window window = windows.get(i);
            forecasts.add(new Forecast(
                    window.origin(),
                    model,
                    window.length(),
                    window.interval(),
                    shape,
                    drawn.get(i),
                    expected(window, drawn.get(i)),
                    Optional.empty()));
        }
        return forecasts;
    }

    private List<Double> expected(Window window, List<Pixels> frames) {
        return expectedError.map(errors -> errors.of(window, frames)).orElse(List.of());
    }

    /**
     * On a processor the default model takes as long for several windows at once as for one after the other, and as
     * many times the memory; and the engine rounds otherwise in a batch, so that a few bytes in a million would depend
     * on which cameras happened to share it. So each window goes alone, as many at a time as there are cores.
     */
    private List<List<Pixels>> runEachAlone(List<List<Pixels>> contexts) {
        if (contexts.size() == 1) {
            return run(contexts);
        }
        try {
            var drawn = new ArrayList<List<Pixels>>();
            for (Future<List<Pixels>> future : executor.invokeAll(contexts.stream()
                    .map(context ->
                            (Callable<List<Pixels>>) () -> run(List.of(context)).get(0))
                    .toList())) {
                drawn.add(future.get());
            }
            return drawn;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("a forecast failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while forecasting", e);
        }
    }

    private List<List<Pixels>> run(List<List<Pixels>> contexts) {
        try (NDManager scratch = manager.newSubManager()) {
            if (prepared.isPresent()) {
                PreparedForecast forecast = prepared.get();
                return contexts.stream()
                        .map(context -> forecast.of(scratch, context))
                        .toList();
            }
            NDArray context = FrameArrays.toArray(scratch, contexts, shape);
            return FrameArrays.toPixels(network.forecast(store, context, Forecast.HORIZON, false), shape);
        }
    }

    private static Thread thread(Runnable work) {
        var thread = new Thread(work, "forecast");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void close() {
        executor.shutdownNow();
        manager.close();
        torch.close();
    }
}
