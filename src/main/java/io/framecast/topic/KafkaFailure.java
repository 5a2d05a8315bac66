package io.framecast.topic;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidSessionTimeoutException;
import org.apache.kafka.common.errors.InvalidTxnTimeoutException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * Why a Kafka cluster did not do what it was asked, by the exceptions of its client, each with the way out that is true
 * for it. Those of exceptions that extend another's stand before it.
 */
public enum KafkaFailure {
    /** One side does not trust the other's certificate, or only one speaks TLS. */
    TLS(
            "check ssl.truststore and ssl.keystore in --kafka-config, and that the address is that of a TLS listener",
            List.of(SslAuthenticationException.class, SSLException.class)),
    /** User, password or mechanism. */
    LOGIN("check sasl.mechanism, user and password in --kafka-config", List.of(AuthenticationException.class)),
    /** A right is missing. */
    RIGHTS("'framecast topics acls' prints the rights that it takes", List.of(AuthorizationException.class)),
    /** The cluster has fewer brokers than replicas were asked for. */
    REPLICATION("change --replication", List.of(InvalidReplicationFactorException.class)),
    /** What the brokers allow is narrower than what a client wants. */
    TIMEOUTS(
            "change session.timeout.ms or transaction.timeout.ms in --kafka-property and --kafka-config",
            List.of(InvalidSessionTimeoutException.class, InvalidTxnTimeoutException.class)),
    /** A rule of the cluster's owners. */
    POLICY(
            "ask the owners of the cluster what its policy allows, or let them create the topic",
            List.of(PolicyViolationException.class)),
    /** The brokers do not know a request. */
    TOO_OLD("use brokers of version 3.0 or newer", List.of(UnsupportedVersionException.class)),
    /** The client refuses its own properties. */
    PROPERTY("correct it in --kafka-property or --kafka-config", List.of(ConfigException.class)),
    /** Anything else. */
    OTHER("check the brokers and their logs", List.of(Throwable.class));

    private final String wayOut;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<Class<? extends Throwable>> exceptions;

    KafkaFailure(String wayOut, List<Class<? extends Throwable>> exceptions) {
        this.wayOut = wayOut;
        this.exceptions = exceptions;
    }

    /** What to do. */
    public String wayOut() {
        return wayOut;
    }

    /** The failure behind an exception: that of the first cause that is known. */
    public static KafkaFailure of(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            Throwable one = cause;
            Optional<KafkaFailure> known = Arrays.stream(values())
                    .filter(failure ->
                            failure != OTHER && failure.exceptions.stream().anyMatch(type -> type.isInstance(one)))
                    .findFirst();
            if (known.isPresent()) {
                return known.get();
            }
        }
        return OTHER;
    }
}
