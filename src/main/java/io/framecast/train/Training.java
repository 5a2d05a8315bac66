package io.framecast.train;

import io.framecast.frame.FrameShape;
import io.framecast.model.Devices;
import io.framecast.model.ModelDescription;
import io.framecast.model.ModelFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A training run from clips to a model folder: steps, validation every so often, a checkpoint with each, and the
 * weights that were best on the validation clips as the result.
 */
public final class Training {
    private static final String CHECKPOINT = "checkpoint.npz";

    private final TrainingConfig config;
    private final String name;
    private final Path out;
    private final Consumer<String> log;

    /**
     * Prepares a run.
     *
     * @param config every hyper-parameter
     * @param name the model's name
     * @param out the folder that becomes the model
     * @param log takes a line of progress
     */
    public Training(TrainingConfig config, String name, Path out, Consumer<String> log) {
        this.config = config;
        this.name = name;
        this.out = out;
        this.log = log;
    }

    /**
     * Runs to the end.
     *
     * @param training clips to learn from
     * @param validation other clips, to choose the weights by
     * @param device {@code auto}, {@code cpu} or {@code cuda[:N]}
     * @param resume whether to go on from the checkpoint in the folder
     * @throws TrainingDivergedException if a loss is no number any more
     */
    public void run(List<TrainingSet> training, List<Clip> validation, String device, boolean resume) {
        var validator = new Validation(validation, config.contextLength(), config.validationHorizon());
        FrameShape shape = shape(training.get(0));
        ModelDescription description = description(shape, training, Map.of());
        try (var trainer = new Trainer(config, description, training, Devices.choose(device))) {
            Files.createDirectories(out);
            Path checkpoint = out.resolve(CHECKPOINT);
            if (resume && Files.exists(checkpoint)) {
                trainer.resume(checkpoint);
            }
            var progress = new Progress();
            while (trainer.step() < config.steps()) {
                progress.add(trainer.advance());
                boolean last = trainer.step() == config.steps();
                if (last || trainer.step() % config.evaluateEvery() == 0) {
                    review(trainer, validator, progress, description(shape, training, progress.metrics(trainer)));
                }
                if (last || trainer.step() % config.checkpointEvery() == 0) {
                    trainer.save(checkpoint);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to " + out, e);
        }
    }

    /** The size of the network's frames: recordings are read larger, what is made up is not. */
    private FrameShape shape(TrainingSet set) {
        FrameShape shape = set.shape();
        int times = set.isAugmentable() ? config.enlarged() : 1;
        return new FrameShape(shape.height() / times, shape.width() / times, shape.channels());
    }

    private void review(Trainer trainer, Validation validator, Progress progress, ModelDescription description) {
        trainer.swapAverages();
        try {
            double skill = validator.isEmpty() ? Double.NaN : validator.skill(trainer);
            log.accept(String.format(
                    Locale.ROOT,
                    "step %d/%d  loss %.4f  validation skill %+.4f (best %+.4f)  %.2f s/step",
                    trainer.step(),
                    config.steps(),
                    progress.meanLoss(),
                    skill,
                    Math.max(progress.best, skill),
                    progress.secondsAStep()));
            if (validator.isEmpty() || skill > progress.best) {
                progress.best = skill;
                ModelFolder.write(out, withMetrics(description, progress.metrics(trainer)), trainer.network());
            }
        } finally {
            trainer.swapAverages();
        }
        progress.restart();
    }

    private static ModelDescription withMetrics(ModelDescription description, Map<String, Object> metrics) {
        return new ModelDescription(
                description.name(),
                description.version(),
                description.date(),
                description.summary(),
                description.architecture(),
                description.hyperParameters(),
                description.contextLength(),
                description.shape(),
                description.training(),
                metrics);
    }

    private ModelDescription description(FrameShape shape, List<TrainingSet> clips, Map<String, Object> metrics) {
        var training = new LinkedHashMap<>(config.settings());
        List.of("architecture", "hyperParameters", "contextLength").forEach(training::remove);
        training.put("data", clips.stream().map(TrainingSet::name).toList());
        return new ModelDescription(
                name,
                "1",
                LocalDate.now(Clock.systemUTC()).toString(),
                config.architecture() + " trained " + config.recipe().title() + " on " + clips.size() + " clips",
                config.architecture(),
                config.hyperParameters(),
                config.contextLength(),
                List.of(shape.height(), shape.width(), shape.channels()),
                training,
                metrics);
    }

    /** What happened since the last validation. */
    private static final class Progress {
        private double best = Double.NEGATIVE_INFINITY;
        private double lossSum;
        private int steps;
        private long started = System.nanoTime();

        void add(double loss) {
            lossSum += loss;
            steps++;
        }

        double meanLoss() {
            return lossSum / steps;
        }

        double secondsAStep() {
            return (System.nanoTime() - started) / 1e9 / steps;
        }

        Map<String, Object> metrics(Trainer trainer) {
            var metrics = new LinkedHashMap<String, Object>();
            metrics.put("step", trainer.step());
            metrics.put("trainingLoss", meanLoss());
            if (Double.isFinite(best)) {
                metrics.put("validationSkill", best);
            }
            return metrics;
        }

        void restart() {
            lossSum = 0;
            steps = 0;
            started = System.nanoTime();
        }
    }
}
