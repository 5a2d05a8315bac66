package io.framecast.cli;

import io.framecast.export.ForecastFiles;
import io.framecast.forecast.Forecast;
import io.framecast.node.Broker;
import io.framecast.source.ffmpeg.Mp4File;
import io.framecast.topic.RecordedTopic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code framecast export}: forecasts out of the topic into files. */
@Command(
        name = "export",
        footer = "Example: framecast export front --newest 3 --format mp4,gif --out clips",
        sortOptions = false,
        description = "Write forecasts as mp4, gif, png (all frames in a row) or npy (uint8; T,H,W,C).")
final class ExportCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "FORECASTS",
            arity = "1..*",
            description = "Cameras, for the newest forecasts of each, or ids of forecasts, as 'tail forecasts' prints"
                    + " them.")
    List<String> wanted = List.of();

    @Option(
            names = "--format",
            paramLabel = "mp4|gif|png|npy",
            split = ",",
            description = "What to write of each. Default: mp4")
    List<String> formats = List.of("mp4");

    @Option(
            names = "--newest",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many forecasts of a camera. Default: ${DEFAULT-VALUE}")
    int newest = 1;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = ".",
            description = "The folder to write to. Default: ${DEFAULT-VALUE}")
    Path out = Path.of(".");

    @Mixin
    TimeOptions times = new TimeOptions();

    @Mixin
    KafkaOptions kafka = new KafkaOptions();

    @Mixin
    SharedOptions shared = new SharedOptions();

    /** What a file can be. */
    private enum Format {
        MP4,
        GIF,
        PNG,
        NPY;

        static Format named(String name) {
            for (Format format : values()) {
                if (format.suffix().equals(name.toLowerCase(Locale.ROOT))) {
                    return format;
                }
            }
            throw new IllegalArgumentException("format '" + name + "' is unknown: use mp4, gif, png or npy");
        }

        String suffix() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public Integer call() {
        Logs.onlyWarnings();
        System.setProperty("java.awt.headless", "true");
        List<Format> kinds = formats.stream().map(Format::named).toList();
        if (newest < 1) {
            throw new IllegalArgumentException("--newest " + newest + " is too few: use 1 or more");
        }
        Instant from = times.from();
        Instant to = times.to();
        try (Broker broker = Broker.open(kafka.config(true))) {
            for (Forecast forecast : find(new RecordedTopic(broker.connection(), from, to))) {
                for (Format kind : kinds) {
                    Console.say(write(forecast, kind).toString());
                }
            }
        }
        return ExitCodes.DONE;
    }

    /** Those that are wanted, in the order they were asked for. */
    private List<Forecast> find(RecordedTopic topic) {
        Map<String, Deque<Forecast>> found = new LinkedHashMap<>();
        wanted.forEach(name -> found.put(name, new ArrayDeque<>()));
        var cameras = new TreeSet<String>();
        topic.forecasts(forecast -> {
            String camera = forecast.origin().camera().value();
            cameras.add(camera);
            for (String name : List.of(camera, forecast.id())) {
                Deque<Forecast> kept = found.get(name);
                if (kept != null) {
                    kept.add(forecast);
                    if (kept.size() > newest) {
                        kept.remove();
                    }
                }
            }
        });
        found.forEach((name, forecasts) -> {
            if (forecasts.isEmpty()) {
                throw new IllegalStateException("no forecast '" + name + "' is in the topic: "
                        + (cameras.isEmpty()
                                ? "it is empty; check --kafka, --data-dir, --since and --until"
                                : "there are those of the cameras " + String.join(", ", cameras)));
            }
        });
        var all = new ArrayList<Forecast>();
        found.values().forEach(all::addAll);
        return all;
    }

    private Path write(Forecast forecast, Format format) {
        // What a record says of itself must not choose another folder.
        String name = forecast.id().replaceAll("[^A-Za-z0-9_-]", "-");
        Path file = out.resolve(name + "." + format.suffix());
        try {
            Files.createDirectories(out);
            switch (format) {
                case MP4 -> Mp4File.write(file, forecast.shape(), forecast.frames(), forecast.interval());
                case GIF -> Files.write(file, ForecastFiles.gif(forecast));
                case PNG -> Files.write(file, ForecastFiles.png(forecast));
                case NPY -> Files.write(file, ForecastFiles.npy(forecast));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
        }
        return file;
    }
}
