package io.framecast.model;

import ai.djl.ndarray.NDManager;
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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * A network's forecasts of windows. For use by one thread at a time; on a processor it has some of its own, see
 * {@link ForecastThreads}.
 */
public final class NetworkForecaster implements Forecaster {
    private final ModelVersion model;
    private final int contextLength;
    private final int leastContextLength;
    private final FrameShape shape;
    private final Optional<ExpectedError> expectedError;
    private final Torch torch;
    private final NDManager manager;
    private final WayToForecast way;
    private final ForecastThreads threads = new ForecastThreads();

    private NetworkForecaster(ModelFolder folder, Torch torch, NDManager manager, Precision asked) {
        this.torch = torch;
        this.manager = manager;
        model = folder.version();
        contextLength = folder.description().contextLength();
        leastContextLength = folder.description().leastContext();
        shape = folder.shape();
        expectedError = folder.expectedError();
        way = WayToForecast.of(folder.load(torch, manager), manager, shape, contextLength, asked);
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
        NetworkForecaster forecaster;
        try {
            forecaster = new NetworkForecaster(folder, torch, manager, precision);
        } catch (RuntimeException e) {
            manager.close();
            torch.close();
            throw e;
        }
        try {
            forecaster.warmUp();
            return forecaster;
        } catch (RuntimeException e) {
            forecaster.close();
            throw e;
        }
    }

    private void warmUp() {
        draw(List.of(NoisyWindow.of(shape, contextLength)));
    }

    @Override
    public ModelVersion model() {
        return model;
    }

    /** What it computes with: float32 or bfloat16. */
    public Precision precision() {
        return way.precision();
    }

    @Override
    public int contextLength() {
        return contextLength;
    }

    @Override
    public int leastContextLength() {
        return leastContextLength;
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
        List<List<Pixels>> drawn = draw(contexts);
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
        return expectedError
                .map(errors -> errors.of(window.newest(leastContextLength), frames))
                .orElse(List.of());
    }

    private List<List<Pixels>> draw(List<List<Pixels>> contexts) {
        if (manager.getDevice().isGpu()) {
            return run(contexts);
        }
        if (way.gainsFromCores() && mostCoresWouldIdle(contexts.size())) {
            return contexts.stream()
                    .flatMap(context -> threads.onAllCores(() -> run(List.of(context))).stream())
                    .toList();
        }
        return threads
                .onOneCoreEach(groups(contexts).stream()
                        .map(group -> (Callable<List<List<Pixels>>>) () -> run(group))
                        .toList())
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    private static boolean mostCoresWouldIdle(int windows) {
        return windows == 1 || 2 * windows <= ForecastThreads.cores();
    }

    /** A window's bytes are the same in each group; the groups keep all cores busy. */
    private List<List<List<Pixels>>> groups(List<List<Pixels>> contexts) {
        int each = Math.min(way.together(), (contexts.size() + ForecastThreads.cores() - 1) / ForecastThreads.cores());
        var groups = new ArrayList<List<List<Pixels>>>();
        for (int from = 0; from < contexts.size(); from += each) {
            groups.add(contexts.subList(from, Math.min(from + each, contexts.size())));
        }
        return groups;
    }

    private List<List<Pixels>> run(List<List<Pixels>> contexts) {
        try (NDManager scratch = manager.newSubManager()) {
            return way.forecast().of(scratch, contexts);
        }
    }

    @Override
    public void close() {
        threads.close();
        way.forecast().close();
        manager.close();
        torch.close();
    }
}
