package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaOptionsTest {
    @ParameterizedTest
    @CsvSource({
        "linger.msec, linger.ms",
        "session.timeout, session.timeout.ms",
        "ssl.trust.store.location, ssl.truststore.location",
        "max.poll.record, max.poll.records"
    })
    void property_misspelt_isWarnedOfWithTheRightName(String typed, String meant) {
        assertThat(KafkaOptions.warning(typed)).contains("'" + typed + "'").contains("did you mean '" + meant + "'?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "a", "schema.registry.url"})
    void property_ofNoClient_isWarnedOfWithoutAGuess(String typed) {
        assertThat(KafkaOptions.warning(typed)).contains("'" + typed + "'").contains("has no effect");
    }

    @Test
    void properties_withTheEmbeddedBroker_areKept() {
        assertThat(Parsed.run(Map.of(), "run", "--kafka-property", "linger.ms=500")
                        .broker()
                        .properties())
                .isEqualTo(Map.of("linger.ms", "500"));
    }

    @Test
    void bootstrapServers_theSameAsTheOption_areTakenForIt() {
        assertThat(Parsed.run(Map.of(), "run", "--kafka", "b:1", "--kafka-property", "bootstrap.servers=b:1")
                        .broker()
                        .properties())
                .isEmpty();
    }
}
