package io.framecast.evaluate;

import io.framecast.data.Recording;
import io.framecast.forecast.Forecast;
import io.framecast.forecast.Forecaster;
import io.framecast.forecast.LinearExtrapolation;
import io.framecast.forecast.MeanOfContext;
import io.framecast.forecast.Persistence;
import io.framecast.forecast.Window;
import io.framecast.frame.CameraId;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameOrder;
import io.framecast.frame.Pixels;
import io.framecast.motion.FlowFade;
import io.framecast.motion.OpticalFlowExtrapolation;
import io.framecast.predict.SlidingWindow;
import io.framecast.score.HorizonScores;
import io.framecast.source.SourceException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Holds forecasters against what really came. They are asked as live: with windows of the sliding window, in closed
 * loop, from bytes to bytes. Memory holds one batch of windows, however long a recording is.
 */
public final class Evaluation {
    private static final int BATCH = 8;

    private final EvaluationConfig config;
    private final Map<String, Forecaster> forecasters;
    private final WindowListener listener;
    private final Consumer<String> warnings;
    private final int mostContext;

    /** Sees each window after every model has forecast it. */
    public interface WindowListener {
        /**
         * One window.
         *
         * @param clip the recording
         * @param window what was forecast from
         * @param truth what came
         * @param forecasts what each model saw coming
         */
        void forecast(String clip, Window window, List<Pixels> truth, Map<String, Forecast> forecasts);
    }

    /**
     * Prepares an evaluation.
     *
     * @param config what is forecast
     * @param forecasters by name, in the order of the tables
     * @param listener sees each window
     * @param warnings takes a line for each recording that is left out
     */
    public Evaluation(
            EvaluationConfig config,
            Map<String, Forecaster> forecasters,
            WindowListener listener,
            Consumer<String> warnings) {
        this.config = config;
        this.forecasters = new LinkedHashMap<>(forecasters);
        this.listener = listener;
        this.warnings = warnings;
        mostContext = Math.max(
                config.context(),
                config.asLive()
                        ? forecasters.values().stream()
                                .mapToInt(Forecaster::contextLength)
                                .max()
                                .orElse(1)
                        : 1);
    }

    /**
     * The forecasters that are always among the models: persistence first, to which all others are compared.
     *
     * @throws IllegalStateException if this machine cannot do optical flow
     */
    public static Map<String, Forecaster> baselines() {
        var baselines = new LinkedHashMap<String, Forecaster>();
        for (Forecaster baseline : List.of(
                new Persistence(),
                new FlowFade(),
                new LinearExtrapolation(),
                new MeanOfContext(),
                new OpticalFlowExtrapolation())) {
            baselines.put(baseline.model().name(), baseline);
        }
        return baselines;
    }

    /**
     * Evaluates recordings one after the other. One that cannot be read, or is too short for a single window, is named
     * and left out.
     *
     * @param done takes the scores of each recording when it is complete
     */
    public void run(List<Recording> recordings, Consumer<ClipScores> done) {
        for (Recording recording : recordings) {
            var clip = new ClipInWork(recording.name());
            try {
                recording.read(clip::add);
                clip.forecastBatch();
            } catch (SourceException | UncheckedIOException e) {
                warnings.accept(e.getMessage() + " (left out)");
                continue;
            }
            if (clip.scores.isEmpty()) {
                warnings.accept(clip.tooShort());
            } else {
                done.accept(new ClipScores(recording.name(), clip.scores));
            }
        }
    }

    /** What is kept of a recording while it is read. */
    private final class ClipInWork {
        private final String name;
        private final Map<String, HorizonScores> scores = new LinkedHashMap<>();
        private final List<Window> batch = new ArrayList<>();
        private final Map<CameraId, FrameOrder<Frame>> orders = new HashMap<>();
        private final Map<CameraId, SlidingWindow> windows = new HashMap<>();
        private final Set<Long> stretches = new HashSet<>();
        private long frames;

        ClipInWork(String name) {
            this.name = name;
        }

        void add(Frame frame) {
            frames++;
            stretches.add(frame.epoch());
            FrameOrder.Step<Frame> step = orders.getOrDefault(frame.camera(), FrameOrder.start())
                    .next(frame.id(), frame.captureTime(), frame);
            orders.put(frame.camera(), step.order());
            step.follows().forEach(this::addToWindow);
        }

        private void addToWindow(Frame frame) {
            SlidingWindow window = windows.computeIfAbsent(
                    frame.camera(),
                    camera -> new SlidingWindow(
                            camera, mostContext + config.horizon(), config.every(), config.windowLength()));
            window.add(frame);
            window.due().ifPresent(batch::add);
            if (batch.size() == BATCH) {
                forecastBatch();
            }
        }

        String tooShort() {
            return "clip " + name + " has " + frames + " frames" + (stretches.size() > 1 ? " in stretches" : "")
                    + ", fewer than the " + config.context() + " + " + config.horizon()
                    + " of context and horizon (left out)";
        }

        void forecastBatch() {
            if (batch.isEmpty()) {
                return;
            }
            var drawn = new LinkedHashMap<String, List<Forecast>>();
            forecasters.forEach((model, forecaster) -> drawn.put(
                    model,
                    forecaster.forecast(contexts(config.asLive() ? forecaster.contextLength() : config.context()))));
            List<Window> contexts = contexts(config.context());
            for (int i = 0; i < contexts.size(); i++) {
                score(contexts.get(i), truth(batch.get(i)), each(drawn, i));
            }
            batch.clear();
        }

        private List<Window> contexts(int most) {
            return batch.stream()
                    .map(whole -> new Window(
                                    whole.camera(), whole.frames().subList(0, whole.length() - config.horizon()))
                            .newest(most))
                    .toList();
        }

        private void score(Window context, List<Pixels> truth, Map<String, Forecast> forecasts) {
            forecasts.forEach((model, forecast) -> scores.computeIfAbsent(
                            model, key -> new HorizonScores(context.shape(), config.horizon()))
                    .add(context.last().pixels(), truth, forecast.frames()));
            listener.forecast(name, context, truth, forecasts);
        }
    }

    private List<Pixels> truth(Window whole) {
        return whole.newest(config.horizon()).frames().stream()
                .map(Frame::pixels)
                .toList();
    }

    private static Map<String, Forecast> each(Map<String, List<Forecast>> forecasts, int index) {
        var one = new LinkedHashMap<String, Forecast>();
        forecasts.forEach((model, drawn) -> one.put(model, drawn.get(index)));
        return one;
    }
}
