package io.framecast.cli;

import io.framecast.data.Clip;
import io.framecast.data.ClipReader;
import io.framecast.data.Recording;
import io.framecast.data.Split;
import io.framecast.data.SyntheticSet;
import io.framecast.data.TrainingSet;
import io.framecast.evaluate.Challenge;
import io.framecast.evaluate.ChallengeReport;
import io.framecast.model.ModelFolder;
import io.framecast.model.engine.ComputeDevice;
import io.framecast.train.Training;
import io.framecast.train.TrainingConfig;
import java.nio.file.Path;
import java.time.Duration;
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
            description = "Other recordings, by which the best weights are chosen. Default: a part of DATA.")
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
            description = "Without --validation, the share of DATA that is used for it: whole recordings, drawn by"
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
    ChallengeOptions challenge = new ChallengeOptions();

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
        if (challenge.isGiven()) {
            challenge.check(data, validation, models);
        }
        var reader = new ClipReader(data.directory(), Console::warn);
        Frames frames;
        try (DataOptions opened = data) {
            frames = challenge.isGiven() ? inTime(opened, reader) : frames(opened, reader, config);
        }
        List<TrainingSet> sets = frames.training();
        List<Clip> others = frames.validation();
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
                    start = Optional.of(ModelFolder.find(challenge.folder(out), TrainingOptions.stage(stage)));
                }
            }
        }
        if (challenge.isGiven()) {
            judge(frames.judged(), device, config.seed());
        }
        return ExitCodes.DONE;
    }

    /**
     * What is read before training begins.
     *
     * @param training to learn from
     * @param validation to choose the weights by
     * @param judged to judge a challenge on
     */
    private record Frames(List<TrainingSet> training, List<Clip> validation, List<Recording> judged) {}

    private Frames frames(DataOptions opened, ClipReader reader, TrainingConfig config) {
        List<Recording> recordings =
                opened.recordings(SyntheticSet.Part.TRAIN, config.augmentation().enlarged());
        var split = validation.isEmpty()
                ? Split.byClip(recordings, validationShare, config.seed())
                : new Split(recordings, others(opened));
        return new Frames(
                reader.sets(split.training()), reader.clips(asTrained(split.validation(), opened, config)), List.of());
    }

    /** The judged frames are copied now, because the topic may forget them while training goes on. */
    private Frames inTime(DataOptions opened, ClipReader reader) {
        DataOptions.InTime parts = opened.inTime(challenge.judgedShare, validationShare);
        Console.say("the topic has frames from " + parts.span().first() + " to "
                + parts.span().last() + "; those from " + parts.judgedFrom() + " on are judged");
        Challenge.shortage(
                        parts.judged().size(),
                        Duration.between(parts.judgedFrom(), parts.span().last()))
                .ifPresent(Console::warn);
        return new Frames(
                reader.sets(parts.training()), reader.clips(parts.validation()), reader.copies(parts.judged()));
    }

    private void judge(List<Recording> judged, ComputeDevice device, long seed) {
        ModelFolder trained =
                ModelFolder.find(out, challenge.folder(out).toAbsolutePath().toString());
        ChallengeReport report = challenge.judge(trained, judged, models, device, seed);
        report.lines().forEach(Console::say);
        report.write(out);
        if (!report.isBetter() || !challenge.promote) {
            Console.say("not promoted; it is in " + trained.path());
            return;
        }
        ModelFolder promoted = Promotion.install(trained, out);
        Console.say("promoted: it is in " + out);
        var promotion = new Promotion(challenge.championName(models), challenge.champion);
        try (DataOptions opened = data) {
            promotion.tellPredictors(opened.connection(), promoted).forEach(Console::say);
        }
    }

    /** Where a stage's result goes: the last one's is the model. */
    private Path folder(int stage, List<TrainingConfig> stages) {
        Path folder = challenge.folder(out);
        return stage == stages.size() ? folder : folder.resolve(TrainingOptions.stage(stage));
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
