package io.framecast.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
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
import io.framecast.model.engine.Precision;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A network that forecasts by feeding back its own output: O1 becomes I1 and so on. For use by one thread at a time; it
 * has two of its own.
 */
public final class NetworkForecaster implements Forecaster {
    /** Each with half of the processors, see the engine's number of threads. */
    private static final int CONCURRENT_WINDOWS = 2;

    private final ModelVersion model;
    private final int contextLength;
    private final FrameShape shape;
    private final Optional<ExpectedError> expectedError;
    private final Torch torch;
    private final NDManager manager;
    private final FramePredictor network;
    private final ParameterStore store;
    private final Optional<Rollout> rollout;
    private final Precision precision;
    private final ExecutorService executor =
            Executors.newFixedThreadPool(CONCURRENT_WINDOWS, NetworkForecaster::thread);

    private NetworkForecaster(ModelFolder folder, Torch torch, NDManager manager, Precision asked) {
        this.torch = torch;
        this.manager = manager;
        model = new ModelVersion(
                folder.description().name(), folder.description().version());
        contextLength = folder.description().contextLength();
        shape = folder.shape();
        expectedError = folder.expectedError();
        network = folder.load(torch, manager);
        store = new ParameterStore(manager, false);
        RolloutTrial.Verdict verdict = verdict(asked);
        rollout = verdict.rollout();
        precision = verdict.precision();
    }

    private RolloutTrial.Verdict verdict(Precision asked) {
        if (network instanceof RecurrentPredictor recurrent) {
            var context = new Shape(contextLength, shape.channels(), shape.height(), shape.width());
            return new RolloutTrial(recurrent, manager, context).run(asked);
        }
        if (asked == Precision.BFLOAT16) {
            throw new ModelException(
                    ModelException.Reason.UNSUPPORTED,
                    "precision 'bfloat16' is not for model '" + model.name()
                            + "', which is not recurrent; use --precision auto");
        }
        return new RolloutTrial.Verdict(Optional.empty(), Precision.FLOAT32, 1);
    }

    /**
     * Loads a model and makes one forecast with it, so that the first real one is not the slow one.
     *
     * @param precision what to compute with
     * @throws ModelException if the folder is damaged, or neither network nor machine can compute so
     */
    public static NetworkForecaster load(ModelFolder folder, ComputeDevice device, Precision precision) {
        Torch torch = Torch.open();
        NDManager manager = NDManager.newBaseManager(device.device(), "PyTorch");
        try {
            var forecaster = new NetworkForecaster(folder, torch, manager, precision);
            forecaster.warmUp();
            return forecaster;
        } catch (RuntimeException e) {
            manager.close();
            torch.close();
            throw e;
        }
    }

    private void warmUp() {
        var grey = Pixels.copyOf(new byte[shape.bytes()]);
        run(List.of(Collections.nCopies(contextLength, grey)));
    }

    @Override
    public ModelVersion model() {
        return model;
    }

    /** What it computes with: float32 or bfloat16. */
    public Precision precision() {
        return precision;
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
     * on which cameras happened to share it. So each window goes alone, two at a time.
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
            NDArray context = FrameArrays.toArray(scratch, contexts, shape);
            return FrameArrays.toPixels(frames(context), shape);
        }
    }

    /** (B, 32, C, H, W). */
    private NDArray frames(NDArray context) {
        return rollout.isPresent()
                ? rollout.get().forecast(context, Forecast.HORIZON)
                : network.forecast(store, context, Forecast.HORIZON, /* training= */ false);
    }

    private static Thread thread(Runnable work) {
        var thread = new Thread(work, "forecast");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void close() {
        executor.shutdownNow();
        rollout.ifPresent(Rollout::close);
        manager.close();
        torch.close();
    }
}
