package io.framecast.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientPropertiesTest {
    private static final Map<String, Object> OWN = Map.of(
            "acks", "all",
            "isolation.level", "read_committed",
            "linger.ms", "0",
            "request.timeout.ms", "5000",
            "delivery.timeout.ms", "8000",
            "session.timeout.ms", "10000",
            "heartbeat.interval.ms", "1000");

    @ParameterizedTest
    @CsvSource({
        "acks, 1",
        "acks, 0",
        "enable.idempotence, false",
        "transactional.id, mine",
        "enable.auto.commit, true",
        "isolation.level, read_uncommitted",
        "auto.offset.reset, latest",
        "group.id, mine",
        "group.instance.id, mine",
        "group.protocol, consumer",
        "partition.assignment.strategy, org.apache.kafka.clients.consumer.RoundRobinAssignor",
        "allow.auto.create.topics, true",
        "key.serializer, org.apache.kafka.common.serialization.StringSerializer",
        "value.deserializer, org.apache.kafka.common.serialization.StringDeserializer"
    })
    void check_propertyThatExactlyOnceRestsOn_isRefusedByName(String name, String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClientProperties.check(Map.of(name, value)))
                .withMessageContaining("'" + name + "'")
                .withMessageContaining("'" + value + "'")
                .withMessageContaining("leave it out");
    }

    @Test
    void check_fixedPropertiesAsTheyAre_areTaken() {
        assertThatCode(() -> ClientProperties.check(Map.of(
                        "acks", "-1",
                        "enable.idempotence", "true",
                        "enable.auto.commit", "false",
                        "isolation.level", "read_committed",
                        "group.protocol", "classic")))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "linger.ms, soon",
        "session.timeout.ms, 10s",
        "security.protocol, TLS",
        "max.in.flight.requests.per.connection, 6",
        "retries, 0"
    })
    void check_valueThatKafkaRefuses_isNamed(String name, String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClientProperties.check(Map.of(name, value)))
                .withMessageContaining(name)
                .withMessageContaining("--kafka-config");
    }

    @Test
    void over_whatTheUserGives_winsButForWhatIsFixed() {
        Properties merged = ClientProperties.over(
                OWN, Map.of("linger.ms", "500", "session.timeout.ms", "60000", "client.id", "mine", "acks", "1"));
        assertThat(merged)
                .containsEntry("linger.ms", "500")
                .containsEntry("session.timeout.ms", "60000")
                .containsEntry("client.id", "mine")
                .containsEntry("acks", "all")
                .containsEntry("isolation.level", "read_committed");
    }

    @ParameterizedTest
    @CsvSource({
        "request.timeout.ms, 30000, delivery.timeout.ms, 30000",
        "linger.ms, 4000, delivery.timeout.ms, 9000",
        "heartbeat.interval.ms, 20000, session.timeout.ms, 60000",
        "delivery.timeout.ms, 2000, request.timeout.ms, 2000",
        "linger.ms, 1000, delivery.timeout.ms, 8000"
    })
    void over_limitThatNoLongerFits_givesWay(String given, String value, String other, String expected) {
        assertThat(ClientProperties.over(OWN, Map.of(given, value)))
                .containsEntry(given, value)
                .containsEntry(other, expected);
    }

    @Test
    void over_limitsThatAreBothGiven_areLeftToKafka() {
        var given = Map.of("delivery.timeout.ms", "1000", "request.timeout.ms", "2000", "linger.ms", "0");
        assertThat(ClientProperties.over(OWN, given)).containsAllEntriesOf(given);
    }

    @Test
    void unknown_namesThatNoClientKnows_inOrder() {
        assertThat(ClientProperties.unknown(
                        Map.of("nonsense", "1", "linger.ms", "0", "linger.msec", "0", "ssl.truststore.location", "x")))
                .containsExactly("linger.msec", "nonsense");
    }
}
