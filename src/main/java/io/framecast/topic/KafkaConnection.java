package io.framecast.topic;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;

/**
 * How to reach a Kafka cluster.
 *
 * @param bootstrap HOST:PORT[,HOST:PORT...]
 * @param prefix what the topics' names begin with
 * @param properties any further client property: TLS, SASL and so on; may hold secrets, so it is never printed
 */
public record KafkaConnection(String bootstrap, String prefix, Map<String, String> properties) {
    private static final int REACH_SECONDS = 10;

    /** Copies the properties. */
    public KafkaConnection {
        properties = Map.copyOf(properties);
    }

    /**
     * Reads a file of client properties.
     *
     * @throws BrokerException if it cannot be read
     */
    public static Map<String, String> readProperties(Path file) {
        var properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new BrokerException(
                    BrokerException.Reason.REFUSED,
                    "Kafka configuration '" + file + "' cannot be read: give --kafka-config a file of key=value lines",
                    e);
        }
        var map = new HashMap<String, String>();
        properties.stringPropertyNames().forEach(key -> map.put(key, properties.getProperty(key)));
        return map;
    }

    /** The full name of a topic. */
    public String topic(TopicKind kind) {
        return TopicDefinition.of(kind).topic(prefix);
    }

    /** Client properties: the connection's own, then these on top. */
    public Properties with(Map<String, Object> special) {
        var merged = new Properties();
        merged.putAll(properties);
        merged.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        merged.put(CommonClientConfigs.RETRY_BACKOFF_MS_CONFIG, "10");
        merged.put(CommonClientConfigs.RECONNECT_BACKOFF_MS_CONFIG, "100");
        merged.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, "2000");
        merged.put("enable.metrics.push", "false");
        merged.putAll(special);
        return merged;
    }

    Admin admin() {
        try {
            return Admin.create(with(Map.of("request.timeout.ms", "5000", "default.api.timeout.ms", "10000")));
        } catch (KafkaException e) {
            throw unreachable(e);
        }
    }

    /**
     * Makes sure that the cluster answers.
     *
     * @throws BrokerException if it does not within 10 seconds
     */
    public void require() {
        try (Admin admin = admin()) {
            admin.describeCluster().clusterId().get(REACH_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(e);
        }
    }

    private BrokerException unreachable(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return new BrokerException(
                BrokerException.Reason.UNREACHABLE,
                "Kafka at " + bootstrap + " cannot be reached ("
                        + why(root)
                        + "); check --kafka and --kafka-config, or leave --kafka out for an embedded broker",
                root instanceof ConfigException || root instanceof IllegalArgumentException ? null : cause);
    }

    /** In Kafka's words, unless they quote a client property: those may hold secrets. */
    private static String why(Throwable root) {
        if (root instanceof TimeoutException || root.getMessage() == null) {
            return "no answer";
        }
        if (root instanceof ConfigException || root instanceof IllegalArgumentException) {
            return "a client property is malformed";
        }
        return root.getMessage().lines().findFirst().orElse("no answer");
    }

    @Override
    public String toString() {
        return "Kafka at " + bootstrap;
    }
}
