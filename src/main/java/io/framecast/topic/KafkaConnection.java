package io.framecast.topic;

import java.io.IOException;
import java.io.Reader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.RetriableException;

/**
 * How to reach a Kafka cluster.
 *
 * @param bootstrap HOST:PORT[,HOST:PORT...]
 * @param prefix what the topics' names begin with
 * @param properties any further client property: TLS, SASL and so on; may hold secrets, so it is never printed
 */
public record KafkaConnection(String bootstrap, String prefix, Map<String, String> properties) {
    /** What topics' names begin with unless told otherwise. */
    public static final String USUAL_PREFIX = "framecast";

    private static final int REACH_SECONDS = 10;
    private static final String NO_ANSWER =
            "check --kafka, and security.protocol in --kafka-config (a listener with TLS"
                    + " does not answer without), or leave --kafka out for an embedded broker";

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
        return kind.topic(prefix);
    }

    /**
     * Makes sure that an address has the form that Kafka's clients read.
     *
     * @param bootstrap HOST:PORT[,HOST:PORT...]
     * @throws IllegalArgumentException if it has not
     */
    public static void checkBootstrap(String bootstrap) {
        BootstrapAddress.parseAll(bootstrap);
    }

    /**
     * Client properties: the user's over Framecast's own, except for those that exactly-once delivery rests on.
     *
     * @param special what this client is made with
     */
    public Properties with(Map<String, Object> special) {
        var own = new HashMap<String, Object>();
        own.put(CommonClientConfigs.RETRY_BACKOFF_MS_CONFIG, "10");
        own.put(CommonClientConfigs.RECONNECT_BACKOFF_MS_CONFIG, "100");
        own.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, "2000");
        own.put("enable.metrics.push", "false");
        own.putAll(special);
        Properties merged = ClientProperties.over(own, properties);
        merged.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
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
        KafkaFailure failure = KafkaFailure.of(cause);
        if (failure == KafkaFailure.TLS || failure == KafkaFailure.LOGIN) {
            return new BrokerException(
                    BrokerException.Reason.REFUSED,
                    this + " was reached, but does not let this user in (" + why(root(cause)) + "); "
                            + failure.wayOut(),
                    cause);
        }
        Throwable root = root(cause);
        boolean isSilent = root instanceof TimeoutException || root instanceof RetriableException;
        return new BrokerException(
                BrokerException.Reason.UNREACHABLE,
                (isSilent ? AdvertisedAddresses.unreachable(this) : Optional.<String>empty())
                        .map(addresses -> "Kafka at " + bootstrap + " answers, but advertises " + addresses
                                + ", which cannot be reached from here; correct the brokers' advertised.listeners, or"
                                + " make those addresses known here")
                        .orElseGet(() -> "Kafka at " + bootstrap + " cannot be reached (" + why(root) + "); "
                                + (failure == KafkaFailure.PROPERTY ? failure.wayOut() : NO_ANSWER)),
                root instanceof ConfigException || root instanceof IllegalArgumentException ? null : cause);
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /** In Kafka's words, unless they quote a client property: those may hold secrets. */
    private String why(Throwable root) {
        String unresolved = BootstrapAddress.parseAll(bootstrap).stream()
                .map(BootstrapAddress::host)
                .filter(host -> new InetSocketAddress(host, 0).isUnresolved())
                .collect(Collectors.joining(", "));
        if (!unresolved.isEmpty()) {
            return "the host name " + unresolved + " is unknown here";
        }
        if (root instanceof TimeoutException || root instanceof RetriableException || root.getMessage() == null) {
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
