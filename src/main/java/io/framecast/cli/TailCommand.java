package io.framecast.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.framecast.node.Broker;
import io.framecast.topic.MalformedRecordException;
import io.framecast.topic.RecordLines;
import io.framecast.topic.TopicKind;
import io.framecast.topic.TopicReader;
import io.framecast.topic.TopicReader.Start;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** {@code framecast tail}: records as JSON lines. */
@Command(
        name = "tail",
        footer = "Example: framecast tail forecasts --limit 3",
        sortOptions = false,
        description = "Print records of a topic as JSON lines, as they come.")
final class TailCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Parameters(
            paramLabel = "frames|pictures|forecasts|scores|surprise|stretches|cameras|models",
            arity = "0..1",
            defaultValue = "forecasts",
            description = "Which topic. Default: ${DEFAULT-VALUE}")
    String topic = "forecasts";

    @Option(
            names = "--from-beginning",
            negatable = true,
            fallbackValue = "true",
            description = "Begin with the oldest record, not with the next.")
    boolean fromBeginning;

    @Option(names = "--limit", paramLabel = "N", description = "End after N records.")
    long limit = Long.MAX_VALUE;

    @Option(names = "--duration", paramLabel = "TIME", description = "End after this time: 30s, 5m, 2h.")
    @Nullable
    Duration duration;

    @Mixin
    KafkaOptions kafka = new KafkaOptions();

    @Mixin
    SharedOptions shared = new SharedOptions();

    @Override
    public Integer call() {
        TopicKind kind = TopicKind.named(topic)
                .orElseThrow(
                        () -> new IllegalArgumentException(
                                "topic '" + topic
                                        + "' is unknown: use frames, pictures, forecasts, scores, surprise, stretches, cameras or models"));
        try (Broker broker = Broker.open(kafka.config(true))) {
            Flux<TopicReader.Found> records = new TopicReader(broker.connection())
                    .read(Map.of(kind, fromBeginning ? Start.BEGINNING : Start.END))
                    .take(limit);
            var ends = new ArrayList<Mono<Void>>(
                    List.of(records.doOnNext(TailCommand::print).then()));
            if (duration != null) {
                ends.add(Mono.delay(duration).then());
            }
            Mono.firstWithSignal(ends).block();
        }
        return ExitCodes.DONE;
    }

    private static void print(TopicReader.Found found) {
        try {
            Console.say(JSON.writeValueAsString(RecordLines.of(found)));
        } catch (MalformedRecordException e) {
            Console.warn("record " + found.kind().title() + "/" + found.partition() + "/" + found.offset()
                    + " is malformed: " + e.getMessage());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
