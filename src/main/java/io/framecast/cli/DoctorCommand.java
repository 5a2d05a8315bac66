package io.framecast.cli;

import io.framecast.model.ModelFolder;
import io.framecast.model.NetworkForecaster;
import io.framecast.model.engine.ComputeDevice;
import io.framecast.model.engine.EngineConfig;
import io.framecast.model.engine.EngineDiagnosis;
import io.framecast.model.engine.Precision;
import io.framecast.node.Broker;
import io.framecast.source.ffmpeg.SourceDiagnosis;
import io.framecast.topic.BrokerException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code framecast doctor}: what this machine has. */
@Command(
        name = "doctor",
        footer = "Example: framecast doctor --kafka kafka:9092",
        sortOptions = false,
        description = "Check this machine: JDK, engine, GPU, codecs, cameras, Kafka, model.")
final class DoctorCommand implements Callable<Integer> {
    @Mixin
    ModelsOption models = new ModelsOption();

    @Mixin
    EngineOptions engine = new EngineOptions();

    @Mixin
    KafkaOptions kafka = new KafkaOptions();

    @Mixin
    SharedOptions shared = new SharedOptions();

    @Override
    public Integer call() {
        EngineThreads.one();
        EngineConfig config = engine.config();
        int failures = 0;
        failures += check("java", () -> System.getProperty("java.vm.name") + " " + Runtime.version());
        failures += check("machine", DoctorCommand::machine);
        failures += check("gpu", EngineDiagnosis::gpus);
        int broken = check("engine", () -> EngineDiagnosis.engine(config));
        broken = broken == 0 ? checkDevice(config) : broken;
        failures += broken;
        failures += broken == 0 ? report("precision", () -> precision(config)) : 0;
        failures += check("video", SourceDiagnosis::codecs);
        failures += check("cameras", SourceDiagnosis::cameras);
        failures += check("kafka", this::kafka);
        failures += check("model", this::model);
        return failures == 0 ? ExitCodes.DONE : ExitCodes.FAILED;
    }

    private static int check(String what, Supplier<String> finding) {
        return report(what, () -> new Finding("ok", finding.get()));
    }

    /** A GPU that is not used is worth a look; only where it was asked for by name has something failed. */
    private static int checkDevice(EngineConfig config) {
        return report("device", () -> {
            ComputeDevice device = ComputeDevice.choose(config);
            return new Finding(device.instead().isPresent() ? "note" : "ok", device.description());
        });
    }

    private static int report(String what, Supplier<Finding> check) {
        try {
            Finding finding = check.get();
            say(finding.level(), what, finding.text());
            return 0;
        } catch (RuntimeException | LinkageError e) { // a finding, too
            say("FAIL", what, OneLine.of(e));
            return 1;
        }
    }

    private static void say(String level, String what, String text) {
        Console.say(String.format("%-5s %-9s %s", level, what, text));
    }

    /** One line of the report; {@code note} asks for a look. */
    private record Finding(String level, String text) {}

    /** What recurrent networks would compute with; the others always do in float32. */
    private Finding precision(EngineConfig config) {
        Optional<ModelFolder> tried = ModelFolder.all(models.directory()).stream()
                .filter(folder -> folder.description().architecture().equals("deconv-lstm"))
                .findFirst();
        if (tried.isEmpty()) {
            return new Finding("note", "not tried: no model in " + models.directory() + " is a deconv-lstm");
        }
        ComputeDevice device = ComputeDevice.choose(config);
        try (var forecaster = NetworkForecaster.load(tried.get(), device, Precision.AUTO)) {
            return new Finding(
                    "ok",
                    forecaster.precision().title() + " for recurrent networks, as a trial of "
                            + forecaster.model().name() + " shows");
        }
    }

    private static String machine() {
        Runtime runtime = Runtime.getRuntime();
        return System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", "
                + runtime.availableProcessors() + " processors, " + (runtime.maxMemory() >> 20) + " MiB heap";
    }

    private String kafka() {
        var config = kafka.config(true);
        if (config.bootstrap().isEmpty()) {
            Path directory = config.dataDirectory();
            Path existing = directory;
            while (!Files.exists(existing)) {
                existing = Optional.ofNullable(existing.getParent()).orElse(Path.of("/"));
            }
            if (!Files.isWritable(existing)) {
                throw new BrokerException(
                        BrokerException.Reason.STORAGE,
                        "data directory '" + directory + "' cannot be written; choose another --data-dir",
                        null);
            }
            return "embedded, data in " + directory;
        }
        try (Broker broker = Broker.open(config)) {
            return broker.connection() + " answers";
        }
    }

    private String model() {
        ModelFolder folder = ModelFolder.find(models.directory(), ModelsOption.DEFAULT);
        return folder.description().name() + " in " + folder.path();
    }
}
