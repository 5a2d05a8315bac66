package io.framecast.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.framecast.frame.FrameShape;
import io.framecast.source.SourceConfig;
import io.framecast.train.Clip;
import io.framecast.train.ClipReader;
import io.framecast.train.Training;
import io.framecast.train.TrainingConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code framecast train}: recordings into a model folder. */
@Command(name = "train", description = "Train a model on recordings and write its folder.")
final class TrainCommand implements Callable<Integer> {
    /** The highest rate there is: more than any recording has. */
    static final double OWN_RATE = 240;

    @Parameters(paramLabel = "DATA", arity = "1..*", description = "Video files, or folders of them.")
    List<Path> data = List.of();

    @Option(
            names = "--validation",
            paramLabel = "DATA",
            split = ",",
            description = "Other recordings, to choose the weights by.")
    List<Path> validation = List.of();

    @Option(
            names = "--recipe",
            paramLabel = "FILE",
            description =
                    "YAML with every hyper-parameter, as models/*/recipe.yaml. Default: deconv-lstm, 1000 steps in"
                            + " closed loop")
    @Nullable
    Path recipe;

    @Option(names = "--name", paramLabel = "NAME", required = true, description = "The model's name.")
    String name = "";

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "The folder to write.")
    Path out = Path.of("");

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "auto",
            description = "auto, cpu, cuda or cuda:N. Default: ${DEFAULT-VALUE}")
    String device = "auto";

    @Option(
            names = "--fps",
            paramLabel = "N",
            description = "Sample the recordings to this rate; by default each keeps its own.")
    double fps = OWN_RATE;

    @Option(names = "--resume", description = "Go on from the checkpoint in the folder.")
    boolean resume;

    @Override
    public Integer call() {
        TrainingConfig config = recipe == null ? TrainingConfig.defaults() : read(recipe);
        useAllProcessors();
        SourceConfig reading = SourceConfig.defaults().withFps(fps);
        FrameShape shape = reading.shape();
        var enlarged =
                new FrameShape(shape.height() * config.enlarged(), shape.width() * config.enlarged(), shape.channels());
        List<Clip> clips = new ClipReader(reading.withShape(enlarged), Console::warn).read(data);
        List<Clip> others = validation.isEmpty() ? List.of() : new ClipReader(reading, Console::warn).read(validation);
        Console.say("training on " + clips.size() + " clips, "
                + clips.stream().mapToInt(Clip::length).sum() + " frames; validating on " + others.size() + " clips");
        new Training(config, name, out, Console::say).run(clips, others, device, resume);
        return ExitCodes.DONE;
    }

    /** Lets the engine have every processor: nothing else needs one here. */
    static void useAllProcessors() {
        System.getProperties()
                .putIfAbsent(
                        "ai.djl.pytorch.num_threads",
                        String.valueOf(Runtime.getRuntime().availableProcessors()));
    }

    private static TrainingConfig read(Path recipe) {
        ObjectMapper yaml = YAMLMapper.builder()
                .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                .build();
        try {
            return yaml.readValue(Files.readString(recipe), TrainingConfig.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("recipe '" + recipe + "' is malformed: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("recipe '" + recipe + "' cannot be read; give --recipe a YAML file", e);
        }
    }
}
