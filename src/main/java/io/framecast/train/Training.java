package io.framecast.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.framecast.data.Clip;
import io.framecast.data.TrainingSet;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.model.ModelDescription;
import io.framecast.model.ModelFolder;
import io.framecast.model.engine.ComputeDevice;
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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A training run from clips to a model folder: steps, validation and a checkpoint every so often, and the weights that
 * were best on the validation clips as the result: by the skill of closed-loop forecasts, or with teacher forcing,
 * which doesn't train for those, by its own loss.
 *
 * <p>Beside the model the folder holds {@code checkpoint.npz}, from which the run can go on as if it had never stopped;
 * {@code events}, for TensorBoard; {@code history.csv}; and {@code report}.
 */
public final class Training {
    private static final String CHECKPOINT = "checkpoint.npz";
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    private final TrainingConfig config;
    private final String name;
    private final Path out;
    private final Optional<ModelFolder> start;
    private final TrainingProgress progress;

    /**
     * Prepares a run.
     *
     * @param config every hyper-parameter
     * @param name the model's name
     * @param out the folder that becomes the model
     * @param start the model whose weights it starts with, which the configuration names; fresh ones if empty
     * @param progress is told how it goes
     */
    public Training(
            TrainingConfig config, String name, Path out, Optional<ModelFolder> start, TrainingProgress progress) {
        this.config = config;
        this.name = name;
        this.out = out;
        this.start = start;
        this.progress = progress;
    }

    /**
     * Runs to the end.
     *
     * @param training sets to learn from, of one shape
     * @param validation other clips, to choose the weights by
     * @param device where to compute
     * @param resume whether to go on from the checkpoint in the folder
     * @throws TrainingDivergedException if a loss is NaN
     * @throws IllegalArgumentException if there is nothing to learn from, the start is of another network, the folder
     *     holds a checkpoint and it is not to go on, or one of another run and it is
     * @throws UncheckedIOException if the folder cannot be written; the last checkpoint stays
     */
    public void run(List<TrainingSet> training, List<Clip> validation, ComputeDevice device, boolean resume) {
        if (training.isEmpty()) {
            throw new IllegalArgumentException("nothing to train on: no recording of DATA could be read");
        }
        var validator = new Validation(validation, config);
        FrameShape shape = shape(training);
        var sampler = new WindowSampler(training, shape, config);
        requireRoom(out, resume);
        Path checkpoint = out.resolve(CHECKPOINT);
        var state = new State(training, device.name());
        try (var trainer = new Trainer(config, description(shape, state, null), shape, device.device())) {
            Files.createDirectories(out);
            if (resume && Files.exists(checkpoint)) {
                state.restore(trainer.notes(checkpoint));
                trainer.resume(checkpoint);
            } else {
                start.ifPresent(trainer::startFrom);
            }
            progress.started(trainer.step(), config.schedule().steps());
            advance(trainer, sampler, validator, state, shape);
        } catch (IOException e) {
            throw failed("cannot write to " + out, e);
        } catch (UncheckedIOException e) {
            throw failed(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Tells whether a run may write to a folder.
     *
     * @throws IllegalArgumentException if it holds a checkpoint that the run is not to go on from
     */
    public static void requireRoom(Path folder, boolean resume) {
        if (!resume && Files.exists(folder.resolve(CHECKPOINT))) {
            throw new IllegalArgumentException(
                    "folder '" + folder + "' holds a checkpoint: go on with --resume, or choose another --out");
        }
    }

    private UncheckedIOException failed(String message, Exception e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String why =
                root.getMessage() == null || message.contains(root.getMessage()) ? "" : " (" + root.getMessage() + ")";
        String left = Files.exists(out.resolve(CHECKPOINT)) && !message.contains("--resume")
                ? "; the last checkpoint is whole: go on with --resume"
                : "";
        return new UncheckedIOException(message + why + left, e instanceof IOException io ? io : new IOException(e));
    }

    private void advance(Trainer trainer, WindowSampler sampler, Validation validator, State state, FrameShape shape) {
        try (var loader = new BatchLoader<List<List<Pixels>>>(sampler::windows, trainer.step());
                var left = new TrainingRecord(out, name, config, trainer.step())) {
            long frames = 0;
            while (trainer.step() < config.schedule().steps()) {
                double rate = config.schedule().rate(trainer.step());
                double loss = trainer.advance(loader.take());
                frames += (long) config.sampling().batch() * config.windowLength();
                state.add(loss);
                progress.stepped(trainer.step(), loss);
                left.step(trainer.step(), loss, rate, trainer.gradientNorm());
                boolean last = trainer.step() == config.schedule().steps();
                if (last || trainer.step() % config.validation().every() == 0) {
                    review(trainer, validator, state, shape, left);
                }
                if (last || trainer.step() % config.schedule().checkpointEvery() == 0) {
                    trainer.save(out.resolve(CHECKPOINT), state.notes());
                }
            }
            double seconds = state.secondsOfThisRun();
            progress.said(String.format(
                    Locale.ROOT,
                    "done in %.0f s, %.1f frames/s, %.1f %% of the time waiting for data",
                    seconds,
                    frames / seconds,
                    100 * loader.secondsWaited() / seconds));
        }
    }

    /** The size of the network's frames: the usual one, also where recordings are larger, or that of smaller ones. */
    private static FrameShape shape(List<TrainingSet> sets) {
        FrameShape usual = FrameShape.STANDARD;
        return sets.stream()
                .map(TrainingSet::shape)
                .filter(shape -> shape.height() < usual.height() || shape.width() < usual.width())
                .findFirst()
                .orElse(usual);
    }

    private void review(Trainer trainer, Validation validator, State state, FrameShape shape, TrainingRecord left) {
        if (config.schedule().averaging() > 0) {
            trainer.swapAverages();
        }
        try {
            Validation.Found found = validator.isEmpty()
                    ? new Validation.Found(Double.NaN, Double.NaN, List.of(), Map.of())
                    : validator.measure(trainer);
            var review = new Review(trainer.step(), state.meanLoss(), found.loss(), found.skill(), found.psnr());
            double score = config.isTeacherForced() ? -found.loss() : found.skill();
            if (validator.isEmpty() || score > state.best) {
                state.best = score;
                state.bestStep = trainer.step();
                ModelFolder.write(out, description(shape, state, review), trainer.network());
            }
            progress.said(line(review, state));
            left.review(review, found.strips());
        } finally {
            if (config.schedule().averaging() > 0) {
                trainer.swapAverages();
            }
        }
        state.restart();
    }

    private String line(Review review, State state) {
        String line = String.format(
                Locale.ROOT,
                "step %d/%d  loss %.4f",
                review.step(),
                config.schedule().steps(),
                review.trainingLoss());
        return review.psnr().isEmpty()
                ? line
                : line
                        + String.format(
                                Locale.ROOT,
                                "  validation loss %.4f, skill %+.4f (best at step %d)",
                                review.validationLoss(),
                                review.skill(),
                                state.bestStep);
    }

    private ModelDescription description(FrameShape shape, State state, @Nullable Review review) {
        var training = new LinkedHashMap<>(config.settings());
        List.of(
                        TrainingKeys.ARCHITECTURE,
                        TrainingKeys.HYPER_PARAMETERS,
                        TrainingKeys.CONTEXT_LENGTH,
                        TrainingKeys.LEAST_CONTEXT_LENGTH)
                .forEach(training::remove);
        training.put("seconds", Math.round(state.seconds()));
        training.put("machine", state.machine);
        training.put("data", state.data);
        var metrics = new LinkedHashMap<String, Object>();
        if (review != null) {
            metrics.put("step", review.step());
            metrics.put("trainingLoss", review.trainingLoss());
            if (Double.isFinite(review.skill())) {
                metrics.put("validationLoss", review.validationLoss());
                metrics.put("validationSkill", review.skill());
            }
        }
        String architecture = config.network().architecture();
        return ModelDescription.builder(name, architecture, config.sampling().contextLength(), shape)
                .leastContextLength(config.sampling().leastContext())
                .date(LocalDate.now(Clock.systemUTC()).toString())
                .summary(architecture + " trained "
                        + config.objective().method().title() + " on " + state.data.size() + " clips")
                .hyperParameters(config.network().hyperParameters())
                .training(training)
                .metrics(metrics)
                .build();
    }

    /** What a run must know of itself besides the weights, also after it was stopped. */
    private final class State {
        private final List<String> data;
        private final String machine;
        private final long started = System.nanoTime();
        private double best = Double.NEGATIVE_INFINITY;
        private int bestStep;
        private double lossSum;
        private int lossSteps;
        private double secondsBefore;

        State(List<TrainingSet> sets, String device) {
            data = sets.stream()
                    .map(set -> set.name() + " (" + set.length() + ")")
                    .toList();
            machine = System.getProperty("os.arch") + ", "
                    + Runtime.getRuntime().availableProcessors() + " processors, device " + device;
        }

        void add(double loss) {
            lossSum += loss;
            lossSteps++;
        }

        double meanLoss() {
            return lossSum / lossSteps;
        }

        void restart() {
            lossSum = 0;
            lossSteps = 0;
        }

        double secondsOfThisRun() {
            return (System.nanoTime() - started) / 1e9;
        }

        double seconds() {
            return secondsBefore + secondsOfThisRun();
        }

        Map<String, Object> notes() {
            return Map.of(
                    "settings", config.settings(),
                    "data", data,
                    "best", String.valueOf(best),
                    "bestStep", bestStep,
                    "lossSum", lossSum,
                    "lossSteps", lossSteps,
                    "seconds", seconds());
        }

        /** Takes up the notes of a run; it must have been this one. */
        void restore(Map<String, Object> notes) {
            Map<String, Object> all = notes.get("settings") instanceof Map<?, ?> found
                    ? TrainingConfig.of(TrainingKeys.flat(found)).settings() // also those of before there were sections
                    : Map.of();
            config.settings().forEach((setting, value) -> {
                Object before = all.get(setting);
                if (!json(value).equals(json(before))) {
                    throw otherRun(setting + " " + json(before) + ", not " + json(value));
                }
            });
            if (!json(notes.get("data")).equals(json(data))) {
                throw otherRun("other clips: " + json(notes.get("data")));
            }
            best = Double.parseDouble(String.valueOf(notes.get("best")));
            bestStep = number(notes, "bestStep").intValue();
            lossSum = number(notes, "lossSum").doubleValue();
            lossSteps = number(notes, "lossSteps").intValue();
            secondsBefore = number(notes, "seconds").doubleValue();
        }

        private IllegalArgumentException otherRun(String difference) {
            return new IllegalArgumentException("checkpoint " + out.resolve(CHECKPOINT) + " is of a run with "
                    + difference + "; resume with the same settings and data, or choose another --out");
        }

        private static Number number(Map<String, Object> notes, String name) {
            if (notes.get(name) instanceof Number value) {
                return value;
            }
            throw new IllegalArgumentException("checkpoint lacks " + name + "; leave out --resume to begin anew");
        }

        private static String json(@Nullable Object value) {
            try {
                return JSON.writeValueAsString(value);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
