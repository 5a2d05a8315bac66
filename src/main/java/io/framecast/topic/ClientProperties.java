package io.framecast.topic;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Kafka client properties that a user sets. They win over Framecast's own settings, except for those that exactly-once
 * delivery rests on.
 */
public final class ClientProperties {
    /** Properties that are fixed, with the values that may be given nevertheless. */
    private static final Map<String, Fixed> FIXED = Map.ofEntries(
            fixed("acks", "every replica must have a record", "all", "-1"),
            fixed("enable.idempotence", "retries must not repeat a record", "true"),
            fixed("transactional.id", "each worker has its own, kept in --data-dir"),
            fixed("transaction.two.phase.commit.enable", "workers end their transactions themselves", "false"),
            fixed("enable.auto.commit", "offsets are committed together with the results", "false"),
            fixed("isolation.level", "only committed records count", "read_committed"),
            fixed("auto.offset.reset", "it follows from --policy, --from-beginning or --since"),
            fixed("group.id", "use --group"),
            fixed("group.instance.id", "each worker joins its group anew"),
            fixed("group.protocol", "workers need the classic protocol", "classic"),
            fixed("partition.assignment.strategy", "a scorer needs the frames and the forecasts of its cameras"),
            fixed("allow.auto.create.topics", "only 'framecast topics create' creates topics", "false"),
            fixed("key.serializer", "topics/framecast.proto says how records are written"),
            fixed("value.serializer", "topics/framecast.proto says how records are written"),
            fixed("key.deserializer", "topics/framecast.proto says how records are written"),
            fixed("value.deserializer", "topics/framecast.proto says how records are written"));

    /** Limits that must not be less than the sum of other settings, and how many times that. */
    private static final List<Limit> LIMITS = List.of(
            new Limit(
                    ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                    1,
                    List.of(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, ProducerConfig.LINGER_MS_CONFIG)),
            new Limit(
                    CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG,
                    1,
                    List.of(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG)),
            new Limit(
                    ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 3, List.of(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG)));

    private static final Pattern SECRET = Pattern.compile("(?i)password|secret|token|credential|assertion|jaas|key$");

    private ClientProperties() {}

    private record Fixed(String reason, Set<String> values) {}

    private record Limit(String name, int times, List<String> parts) {}

    private static Map.Entry<String, Fixed> fixed(String name, String reason, String... values) {
        return Map.entry(name, new Fixed(reason, Set.of(values)));
    }

    /**
     * Makes sure that Kafka's clients take these properties, and that none of them is fixed.
     *
     * @throws IllegalArgumentException naming the first that is wrong; never quotes a password
     */
    public static void check(Map<String, String> given) {
        new TreeSet<>(given.keySet()).forEach(name -> requireFree(name, given.getOrDefault(name, "")));
        var all = new HashMap<String, Object>(given);
        all.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "localhost:9092");
        all.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        all.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        all.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        all.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        try {
            new AdminClientConfig(all);
            new ConsumerConfig(all);
            new ProducerConfig(all);
        } catch (ConfigException e) {
            throw new IllegalArgumentException(
                    "a Kafka property is refused: " + e.getMessage()
                            + "; correct it in --kafka-property or --kafka-config",
                    e);
        }
    }

    private static void requireFree(String name, String value) {
        Fixed fixed = FIXED.get(name);
        if (fixed != null && !fixed.values().contains(value.strip())) {
            throw new IllegalArgumentException("Kafka property '" + name + "' cannot be set to '" + value.strip()
                    + "': " + fixed.reason() + "; leave it out of --kafka-property and --kafka-config");
        }
    }

    /** The names that no client of Kafka's knows, in order. Plugins may know them, so they are no failure. */
    public static List<String> unknown(Map<String, String> given) {
        Set<String> known = names();
        return given.keySet().stream()
                .filter(name -> !known.contains(name))
                .sorted()
                .toList();
    }

    /**
     * Whether the value of a property must not be shown: Kafka says so, or its name does where Kafka doesn't know it.
     */
    public static boolean isSecret(String name) {
        return Stream.of(AdminClientConfig.configDef(), ConsumerConfig.configDef(), ProducerConfig.configDef())
                .map(definition -> definition.configKeys().get(name))
                .filter(Objects::nonNull)
                .findFirst()
                .map(key -> key.type() == ConfigDef.Type.PASSWORD)
                .orElseGet(() -> SECRET.matcher(name).find());
    }

    /** The names that producers, consumers or admin clients know. */
    public static Set<String> names() {
        var names = new TreeSet<>(AdminClientConfig.configNames());
        names.addAll(ConsumerConfig.configNames());
        names.addAll(ProducerConfig.configNames());
        return names;
    }

    /**
     * Puts a user's properties over Framecast's own.
     *
     * @param own what this client is made with; its fixed properties stay, and its limits give way to what is given
     */
    static Properties over(Map<String, Object> own, Map<String, String> given) {
        var merged = new Properties();
        merged.putAll(own);
        given.forEach((name, value) -> {
            if (!FIXED.containsKey(name)) {
                merged.put(name, value);
            }
        });
        LIMITS.forEach(limit -> adapt(limit, merged, given.keySet()));
        return merged;
    }

    private static void adapt(Limit limit, Properties merged, Set<String> given) {
        List<String> parts = limit.parts().stream().filter(merged::containsKey).toList();
        if (!merged.containsKey(limit.name()) || parts.isEmpty()) {
            return;
        }
        try {
            long most = millis(merged, limit.name());
            long least = limit.times()
                    * parts.stream().mapToLong(part -> millis(merged, part)).sum();
            if (least <= most) {
                return;
            }
            if (!given.contains(limit.name())) {
                merged.put(limit.name(), String.valueOf(least));
            } else {
                parts.stream()
                        .filter(part -> !given.contains(part))
                        .findFirst()
                        .ifPresent(part -> merged.put(
                                part,
                                String.valueOf(Math.max(1, millis(merged, part) - (least - most) / limit.times()))));
            }
        } catch (NumberFormatException e) {
            // A variable that a config.providers resolves; Kafka itself says if the limit is too low.
        }
    }

    private static long millis(Properties properties, String name) {
        return Long.parseLong(String.valueOf(properties.get(name)).strip());
    }
}
