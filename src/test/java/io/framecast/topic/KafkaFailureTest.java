package io.framecast.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidSessionTimeoutException;
import org.apache.kafka.common.errors.InvalidTxnTimeoutException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class KafkaFailureTest {
    private record Met(Throwable thrown, KafkaFailure failure) {}

    private static final Map<KafkaFailure, String> WAYS = new EnumMap<>(Map.of(
            KafkaFailure.TLS, "check ssl.truststore and ssl.keystore",
            KafkaFailure.LOGIN, "check sasl.mechanism, user and password",
            KafkaFailure.RIGHTS, "'framecast topics acls'",
            KafkaFailure.REPLICATION, "change --replication",
            KafkaFailure.TIMEOUTS, "change session.timeout.ms",
            KafkaFailure.POLICY, "ask the owners of the cluster",
            KafkaFailure.TOO_OLD, "use brokers of version 3.0 or newer",
            KafkaFailure.PROPERTY, "correct it in --kafka-property",
            KafkaFailure.OTHER, "check the brokers"));

    static Stream<Met> met() {
        return Stream.of(
                new Met(new SslAuthenticationException("x"), KafkaFailure.TLS),
                new Met(new KafkaException(new SSLHandshakeException("x")), KafkaFailure.TLS),
                new Met(new SaslAuthenticationException("x"), KafkaFailure.LOGIN),
                new Met(new UnsupportedSaslMechanismException("x"), KafkaFailure.LOGIN),
                new Met(new GroupAuthorizationException("x"), KafkaFailure.RIGHTS),
                new Met(new TopicAuthorizationException("x"), KafkaFailure.RIGHTS),
                new Met(new InvalidReplicationFactorException("x"), KafkaFailure.REPLICATION),
                new Met(new InvalidSessionTimeoutException("x"), KafkaFailure.TIMEOUTS),
                new Met(new InvalidTxnTimeoutException("x"), KafkaFailure.TIMEOUTS),
                new Met(new PolicyViolationException("x"), KafkaFailure.POLICY),
                new Met(new UnsupportedVersionException("x"), KafkaFailure.TOO_OLD),
                new Met(new ConfigException("x"), KafkaFailure.PROPERTY),
                new Met(new TimeoutException("x"), KafkaFailure.OTHER));
    }

    @ParameterizedTest
    @MethodSource("met")
    void of_exceptionOfTheClient_alsoAsACause_isItsFailure(Met met) {
        assertThat(KafkaFailure.of(met.thrown())).isEqualTo(met.failure());
        assertThat(KafkaFailure.of(new ExecutionException(met.thrown()))).isEqualTo(met.failure());
    }

    @ParameterizedTest
    @EnumSource
    void wayOut_ofEachFailure_fitsIt(KafkaFailure failure) {
        assertThat(failure.wayOut()).startsWith(WAYS.get(failure));
    }

    @Test
    void met_coversAllFailures() {
        assertThat(met().map(Met::failure)).containsAll(WAYS.keySet()).contains(KafkaFailure.values());
    }
}
