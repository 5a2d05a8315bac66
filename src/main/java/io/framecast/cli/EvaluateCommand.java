package io.framecast.cli;

import io.framecast.data.Recording;
import io.framecast.data.SyntheticSet;
import io.framecast.evaluate.Calibration;
import io.framecast.evaluate.ClipScores;
import io.framecast.evaluate.Evaluation;
import io.framecast.evaluate.EvaluationConfig;
import io.framecast.evaluate.EvaluationPlots;
import io.framecast.evaluate.EvaluationReport;
import io.framecast.evaluate.Reliability;
import io.framecast.evaluate.ShapePlace;
import io.framecast.evaluate.SurpriseEvaluation;
import io.framecast.forecast.Forecast;
import io.framecast.forecast.Forecaster;
import io.framecast.model.ModelFolder;
import io.framecast.model.NetworkForecaster;
import io.framecast.model.engine.ComputeDevice;
import io.framecast.model.engine.Precision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code framecast evaluate}: models against what really came. */
@Command(
        name = "evaluate",
        footer = "Example: framecast evaluate recordings --model mine --model flow-mixture --plots plots",
        sortOptions = false,
        description = "Forecast recordings with models and baselines (persistence, flow-fade, linear, mean,"
                + " optical-flow), and compare each step with the frame that came.")
final class EvaluateCommand implements Callable<Integer> {
    @Mixin
    DataOptions data = new DataOptions();

    @Option(
            names = "--model",
            paramLabel = "NAME|DIR",
            split = ",",
            description = "A shipped model or a model's folder; may be repeated. Default: " + ModelsOption.DEFAULT)
    List<String> names = new ArrayList<>();

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Write MSE, MAE, PSNR and SSIM of each model, clip and step.")
    @Nullable
    Path json;

    @Option(
            names = "--plots",
            paramLabel = "DIR",
            description = "Write curves over the horizon, and of each clip a strip of truth, forecasts and errors,"
                    + " and an animation of truth and forecast side by side.")
    @Nullable
    Path plots;

    @Option(
            names = "--calibrate",
            negatable = true,
            fallbackValue = "true",
            description = "Fit the errors that the named models expect to those that they really make here, and"
                    + " write the result to their folders. Use recordings that they did not learn from.")
    boolean calibrate;

    @Option(
            names = "--surprise",
            paramLabel = "N",
            description = "Edit N events of each kind into each recording, one at a time, and measure how well the"
                    + " surprise of the first model finds them, compared with frame differencing.")
    @Nullable
    Integer plantedEvents;

    @Option(
            names = "--context",
            paramLabel = "N",
            description = "Real frames before each forecast. Default: as many as each model reads live, where there are"
                    + " so many, and at least the most that one of them needs")
    @Nullable
    Integer context;

    @Option(
            names = "--horizon",
            paramLabel = "N",
            description = "How many steps of each forecast are compared. Default: " + Forecast.HORIZON)
    int horizon = Forecast.HORIZON;

    @Option(names = "--every", paramLabel = "N", description = "Frames between forecasts of a clip. Default: 5")
    int every = 5;

    @Mixin
    EngineOptions engine = new EngineOptions();

    @Option(
            names = "--precision",
            paramLabel = "auto|float32|bfloat16",
            defaultValue = "float32",
            description = "What models with an LSTM compute with. Default: ${DEFAULT-VALUE}, so that all machines"
                    + " give about the same figures")
    String precision = "float32";

    @Mixin
    ModelsOption models = new ModelsOption();

    @Mixin
    SharedOptions shared = new SharedOptions();

    @Override
    public Integer call() {
        Logs.onlyWarnings();
        System.setProperty("java.awt.headless", "true");
        EngineThreads.one();
        try (DataOptions opened = data) {
            List<Recording> recordings = opened.recordings(SyntheticSet.Part.TEST, 1);
            if (plantedEvents != null) {
                plantEvents(recordings, plantedEvents);
                return ExitCodes.DONE;
            }
            Map<String, Forecaster> forecasters = open();
            try {
                evaluate(recordings, forecasters);
            } finally {
                forecasters.values().forEach(Forecaster::close);
            }
        }
        return ExitCodes.DONE;
    }

    private void plantEvents(List<Recording> recordings, int times) {
        if (times < 1) {
            throw new IllegalArgumentException(
                    "--surprise " + times + " is out of range: use 1 event of each kind or more");
        }
        String name = names.isEmpty() ? ModelsOption.DEFAULT : names.get(0);
        Map<String, Forecaster> forecasters = open();
        try {
            String title = forecasters.containsKey(name)
                    ? name
                    : folders().keySet().iterator().next(); // a model's folder goes by the model's name
            var evaluation =
                    new SurpriseEvaluation(Objects.requireNonNull(forecasters.get(title)), every, times, Console::warn);
            evaluation.run(recordings);
            evaluation.lines().forEach(Console::say);
        } finally {
            forecasters.values().forEach(Forecaster::close);
        }
    }

    private void evaluate(List<Recording> recordings, Map<String, Forecaster> forecasters) {
        int known = context == null ? largest(forecasters, Forecaster::leastContextLength) : context;
        int most = context == null ? largest(forecasters, Forecaster::contextLength) : context;
        var config = new EvaluationConfig(known, /* asLive= */ context == null, horizon, every);
        Optional<EvaluationPlots> pictures = Optional.ofNullable(plots).map(EvaluationPlots::new);
        var places = new ShapePlace();
        var reliability = new Reliability();
        Map<String, Calibration> calibrations = calibrations();
        var clips = new ArrayList<ClipScores>();
        new Evaluation(
                        config,
                        forecasters,
                        (clip, window, truth, forecasts) -> {
                            places.forecast(clip, window, truth, forecasts);
                            reliability.forecast(clip, window, truth, forecasts);
                            calibrations.values().forEach(fit -> fit.forecast(clip, window, truth, forecasts));
                            pictures.ifPresent(all -> all.forecast(clip, window, truth, forecasts));
                        },
                        Console::warn)
                .run(recordings, scores -> {
                    clips.add(scores);
                    pictures.ifPresent(all -> all.clipDone(scores));
                });
        var report = new EvaluationReport(clips);
        Console.say("context " + (most > known ? known + " to " + most : known) + ", horizon " + horizon
                + ", a forecast every " + every + " frames, " + data.rate());
        report.lines().forEach(Console::say);
        places.lines().forEach(Console::say);
        reliability.lines().forEach(Console::say);
        if (json != null) {
            report.writeJson(json);
        }
        if (plots != null) {
            reliability.write(plots.resolve("reliability.png"));
        }
        pictures.ifPresent(all -> all.write(report));
        folders()
                .forEach((title, folder) ->
                        Optional.ofNullable(calibrations.get(title)).ifPresent(fit -> folder.expect(fit.fit())));
    }

    private static int largest(Map<String, Forecaster> forecasters, ToIntFunction<Forecaster> length) {
        return forecasters.values().stream().mapToInt(length).max().orElse(1);
    }

    private Map<String, Calibration> calibrations() {
        if (!calibrate) {
            return Map.of();
        }
        if (horizon != Forecast.HORIZON) {
            throw new IllegalArgumentException(
                    "--calibrate needs all " + Forecast.HORIZON + " steps: leave --horizon " + horizon + " out");
        }
        var calibrations = new LinkedHashMap<String, Calibration>();
        folders()
                .forEach((title, folder) -> calibrations.put(
                        title, new Calibration(title, folder.description().leastContext())));
        return calibrations;
    }

    /** The baselines, then the models that are named. */
    private Map<String, Forecaster> open() {
        Map<String, Forecaster> forecasters = new LinkedHashMap<>(Evaluation.baselines());
        Map<String, ModelFolder> folders = folders();
        if (!folders.isEmpty()) {
            ComputeDevice device = engine.choose();
            folders.forEach((title, folder) ->
                    forecasters.put(title, NetworkForecaster.load(folder, device, Precision.named(precision))));
        }
        return forecasters;
    }

    /** The models that are named and no baselines, by what they are called in the tables. */
    private Map<String, ModelFolder> folders() {
        Set<String> baselines = Evaluation.baselines().keySet();
        var taken = new HashSet<>(baselines);
        var folders = new LinkedHashMap<String, ModelFolder>();
        for (String name : names.isEmpty() ? List.of(ModelsOption.DEFAULT) : names) {
            if (!baselines.contains(name)) {
                var folder = ModelFolder.find(models.directory(), name);
                String title = folder.description().name();
                folders.put(taken.add(title) ? title : name, folder);
            }
        }
        return folders;
    }
}
