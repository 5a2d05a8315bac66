package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.framecast.forecast.Forecast;
import io.framecast.frame.Frame;
import io.framecast.motion.FlowFade;
import io.framecast.topic.ForecastCodec;
import io.framecast.topic.FrameCodec;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.MalformedRecordException;
import io.framecast.topic.TopicKind;
import io.framecast.topic.TopicReader;
import io.framecast.topic.TopicReader.Start;
import io.framecast.topic.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole run with its broker, killed (kill -9) and started again in the same directory. */
@Tag("faults")
class KilledRunIT {
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final Duration QUIET = Duration.ofSeconds(3);
    private static final int EVERY = 2;

    @TempDir
    Path folder;

    private FramecastProcess run(String more) {
        return FramecastProcess.start(
                folder,
                ("run street=test:street --model flow-fade --policy all --preview none --kafka-port 0 --data-dir data"
                                + " --every " + EVERY + more)
                        .split(" "));
    }

    @Test
    void run_killedAndStartedAgain_forecastsOn_andNothingIsLostOrDoubled() {
        try (var killed = run("")) {
            killed.line("forecast +the first after .*", SOON);
        }
        try (var again = run(" --duration 5s")) {
            assertThat(again.exitCode(SOON)).as(again::toString).isZero();
        }
        var frames = new CopyOnWriteArrayList<Frame>();
        var forecasts = new CopyOnWriteArrayList<String>();
        try (var broker = EmbeddedBroker.start(folder.resolve("data").resolve("kafka"), 0)) {
            var kafka = new KafkaConnection(broker.bootstrap(), "framecast", Map.of());
            var reading = new TopicReader(kafka)
                    .read(Map.of(TopicKind.FRAMES, Start.BEGINNING, TopicKind.FORECASTS, Start.BEGINNING))
                    .subscribe(found -> take(found, frames, forecasts));
            await().during(QUIET)
                    .atMost(SOON)
                    .until(() -> epochs(frames).size() == 2 && new HashSet<>(forecasts).containsAll(due(frames)));
            reading.dispose();
        }
        var epochs = epochs(frames);
        assertThat(epochs).as("one stretch before the kill, one after").hasSize(2);
        epochs.values()
                .forEach(sequences -> assertThat(sequences)
                        .as("frames without a gap")
                        .doesNotHaveDuplicates()
                        .hasSize((int) (sequences.get(sequences.size() - 1) + 1)));
        assertThat(due(frames)).as("forecasts that are due").hasSizeGreaterThan(2);
        assertThat(forecasts).containsExactlyInAnyOrderElementsOf(due(frames));
    }

    private static void take(TopicReader.Found found, List<Frame> frames, List<String> forecasts) {
        try {
            if (found.kind() == TopicKind.FRAMES) {
                frames.add(FrameCodec.decode(found.value()));
            } else {
                Forecast forecast = ForecastCodec.decode(found.value());
                forecasts.add(forecast.id());
            }
        } catch (MalformedRecordException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SortedMap<Long, List<Long>> epochs(List<Frame> frames) {
        var epochs = new TreeMap<Long, List<Long>>();
        frames.forEach(frame -> epochs.computeIfAbsent(frame.epoch(), epoch -> new ArrayList<>())
                .add(frame.sequence()));
        return epochs;
    }

    /** The forecasts that are due for the frames, those of both stretches. */
    private static List<String> due(List<Frame> frames) {
        int first = new FlowFade().contextLength() - 1;
        return frames.stream()
                .filter(frame -> frame.sequence() >= first && (frame.sequence() - first) % EVERY == 0)
                .map(frame -> "street/" + frame.epoch() + "/" + frame.sequence() + "/flow-fade")
                .toList();
    }
}
