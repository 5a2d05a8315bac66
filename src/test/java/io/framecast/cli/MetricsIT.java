package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.framecast.topic.KafkaConnection;
import io.framecast.topic.TopicKind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a whole run says of itself at {@code /metrics}, against the table in {@code docs/metrics.md}. */
class MetricsIT {
    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(framecast_\\w+)` \\| (\\w+) \\| ([\\w, ]*)\\|");
    private static final Pattern OTHERS = Pattern.compile("`(\\w+_)\\*`");
    private static final Pattern FAMILY = Pattern.compile("(?m)^# TYPE (\\w+) (\\w+)$");
    private static final Pattern SAMPLE = Pattern.compile("(?m)^(\\w+)\\{([^}]*)}");

    @TempDir
    Path folder;

    private static String get(String address) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString())
                .body();
    }

    private static <T> Map<String, T> all(Pattern pattern, String text, Function<MatchResult, T> value) {
        return pattern.matcher(text)
                .results()
                .collect(Collectors.toMap(found -> found.group(1), value, (one, other) -> one, TreeMap::new));
    }

    /** The names of the labels of each metric, without those of histograms. */
    private static Map<String, Set<String>> labels(String metrics) {
        var labels = new TreeMap<String, Set<String>>();
        SAMPLE.matcher(metrics).results().forEach(sample -> {
            var names = labels.computeIfAbsent(
                    sample.group(1).replaceFirst("_(bucket|sum|count)$", ""), key -> new TreeSet<>());
            Pattern.compile("(\\w+)=\"")
                    .matcher(sample.group(2))
                    .results()
                    .map(found -> found.group(1))
                    .filter(name -> !name.equals("le"))
                    .forEach(names::add);
        });
        return labels;
    }

    private static void publishMalformed(String bootstrap) throws Exception {
        var kafka = new KafkaConnection(bootstrap, "framecast", Map.of());
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", bootstrap),
                new StringSerializer(),
                new ByteArraySerializer())) {
            byte[] noFrame = "no frame".getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>(kafka.topic(TopicKind.FRAMES), "street", noFrame))
                    .get();
        }
    }

    @Test
    void metrics_areThoseOfTheTable_noMoreAndNoLess() throws Exception {
        String table = Files.readString(Path.of("docs", "metrics.md"));
        try (var run = FramecastProcess.start(
                folder,
                ("run street=test:street --model persistence --every 2 --kafka-port 0 --port 0 --data-dir data"
                                + " --alert-url http://127.0.0.1:9/ --shadow persistence")
                        .split(" "))) {
            String kafka = run.line("kafka +(\\S+).*", DEADLINE).group(1);
            String page = run.line("preview +(http\\S+)", DEADLINE).group(1);
            run.line("forecast .*", DEADLINE);
            publishMalformed(kafka);
            await().atMost(DEADLINE)
                    .until(
                            () -> get(page + "metrics"),
                            text -> text.contains("framecast_camera_skill{")
                                    && text.contains("framecast_shadow_skill{")
                                    && text.contains("framecast_camera_surprise{")
                                    && text.contains("framecast_malformed_records_total{")
                                    && text.contains("role=\"score\""));

            String metrics = get(page + "metrics");
            Map<String, String> types = all(FAMILY, metrics, found -> found.group(2));
            var own = new TreeMap<>(types);
            own.keySet().removeIf(name -> !name.startsWith("framecast_") || name.endsWith("_max"));
            assertThat(own).isEqualTo(all(ROW, table, row -> row.group(2)));
            assertThat(labels(metrics))
                    .containsAllEntriesOf(
                            all(ROW, table, row -> Set.of(row.group(3).strip().split(", "))).entrySet().stream()
                                    .filter(row -> !row.getValue().equals(Set.of("")))
                                    .collect(
                                            Collectors.toMap(Map.Entry::getKey, row -> new TreeSet<>(row.getValue()))));
            assertThat(types.keySet())
                    .filteredOn(name -> !name.startsWith("framecast_"))
                    .allMatch(
                            name -> OTHERS.matcher(table).results().anyMatch(group -> name.startsWith(group.group(1))));
            assertThat(types)
                    .containsKeys(
                            "process_resident_memory_bytes",
                            "jvm_memory_used_bytes",
                            "kafka_consumer_fetch_manager_records_lag_max");
            assertThat(metrics)
                    .contains(
                            "framecast_camera_up{camera=\"street\"} 1.0",
                            "reason=\"unreadable\",role=\"predict\"} 1.0");
        }
    }
}
