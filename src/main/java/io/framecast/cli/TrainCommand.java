package io.framecast.cli;

import io.framecast.data.Clip;
import io.framecast.data.ClipReader;
import io.framecast.data.Recording;
import io.framecast.data.Split;
import io.framecast.data.SyntheticSet;
import io.framecast.data.TrainingSet;
import io.framecast.model.ModelFolder;
import io.framecast.model.engine.ComputeDevice;
import io.framecast.train.Training;
import io.framecast.train.TrainingConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code framecast train}: recordings into a model folder. */
@Command(
        name = "train",
        footer = "Example: framecast train recordings --validation others --name mine --out models/mine --steps 5000",
        sortOptions = false,
        description = "Train a model on recordings and write its folder.")
final class TrainCommand implements Callable<Integer> {
    @Mixin
    DataOptions data = new DataOptions();

    @Option(
            names = "--validation",
            paramLabel = "DATA",
            split = ",",
            description = "Other recordings, to choose the weights by. Default: a part of DATA.")
    List<String> validation = List.of();

    @Option(
            names = "--validation-fps",
            paramLabel = "N",
            description = "Sample the recordings of --validation to this rate. Default: as --fps")
    @Nullable
    Double validationFps;

    @Option(
            names = "--validation-share",
            paramLabel = "SHARE",
            description = "Without --validation, the share of DATA's clips that is kept for it, whole clips drawn by"
                    + " the seed; 0 for none. Default: 0.2")
    double validationShare = 0.2;

    @Option(names = "--name", paramLabel = "NAME", required = true, description = "The model's name.")
    String name = "";

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "The folder to write.")
    Path out = Path.of("");

    @Mixin
    EngineOptions engine = new EngineOptions();

    @Option(
            names = "--resume",
            negatable = true,
            fallbackValue = "true",
            description = "Go on from the checkpoint in the folder.")
    boolean resume;

    @Mixin
    TrainingOptions training = new TrainingOptions();

    @Mixin
    ModelsOption models = new ModelsOption();

    @Mixin
    SharedOptions shared = new SharedOptions();

    @Override
    public Integer call() {
        Logs.onlyWarnings();
        System.setProperty("java.awt.headless", "true");
        EngineThreads.all();
        ComputeDevice device = engine.choose();
        List<TrainingConfig> stages = training.stages(models);
        TrainingConfig config = stages.get(0);
        for (int stage = 1; stage <= stages.size(); stage++) { // not when the stages before it have taken an hour
            Training.requireRoom(folder(stage, stages), resume);
        }
        Optional<ModelFolder> start = config.network().from().isEmpty()
                ? Optional.empty()
                : Optional.of(
                        ModelFolder.find(models.directory(), config.network().from()));
        var reader = new ClipReader(data.directory(), Console::warn);
        List<TrainingSet> sets;
        List<Clip> others;
        try (DataOptions opened = data) {
            List<Recording> recordings = opened.recordings(
                    SyntheticSet.Part.TRAIN, config.augmentation().enlarged());
            var split = validation.isEmpty()
                    ? Split.byClip(recordings, validationShare, config.seed())
                    : new Split(recordings, others(opened));
            sets = reader.sets(split.training());
            others = reader.clips(asTrained(split.validation(), opened, config));
        }
        Console.say("training on " + sets.size() + " clips, "
                + sets.stream().mapToLong(TrainingSet::length).sum() + " frames; validating on "
                + (others.isEmpty()
                        ? "none"
                        : String.join(", ", others.stream().map(Clip::name).toList())));
        if (reader.bytes() > 0) {
            Console.say(String.format(
                    Locale.ROOT,
                    "the frames take %.1f GB of disk in %s until this ends",
                    reader.bytes() / 1e9,
                    data.directory()));
        }
        try (var progress = new ProgressBars()) {
            for (int stage = 1; stage <= stages.size(); stage++) {
                if (stages.size() > 1) {
                    Console.say("stage " + stage + " of " + stages.size());
                }
                new Training(stages.get(stage - 1), name, folder(stage, stages), start, progress)
                        .run(sets, others, device, resume);
                if (stage < stages.size()) {
                    start = Optional.of(ModelFolder.find(out, TrainingOptions.stage(stage)));
                }
            }
        }
        return ExitCodes.DONE;
    }

    /** Where a stage's result goes: the last one's is the model. */
    private Path folder(int stage, List<TrainingConfig> stages) {
        return stage == stages.size() ? out : out.resolve(TrainingOptions.stage(stage));
    }

    private List<Recording> others(DataOptions opened) {
        double rate = validationFps == null ? opened.fps : validationFps;
        return opened.find(validation, SyntheticSet.Part.TEST, rate);
    }

    /** Validation clips in the size of the network, where training reads them larger. */
    private List<Recording> asTrained(List<Recording> chosen, DataOptions opened, TrainingConfig config) {
        if (!validation.isEmpty() || config.augmentation().enlarged() == 1) {
            return chosen;
        }
        Set<String> names = chosen.stream().map(Recording::name).collect(Collectors.toSet());
        return opened.find(opened.data, SyntheticSet.Part.TRAIN).stream()
                .filter(recording -> names.contains(recording.name()))
                .toList();
    }
}
