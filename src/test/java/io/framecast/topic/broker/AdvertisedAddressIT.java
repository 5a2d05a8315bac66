package io.framecast.topic.broker;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.framecast.topic.BrokerException;
import io.framecast.topic.KafkaConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clusters that don't answer where they are looked for, or where they say that they are. */
class AdvertisedAddressIT {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"kafka.invalid:9394", "127.0.0.1:1"})
    void require_brokerThatAdvertisesWhatCannotBeReached_saysWhatItAdvertises(String advertised) throws Exception {
        var settings = Map.of("advertised.listeners", "CLIENTS://" + advertised + ",INTERNAL://localhost:0");
        try (var broker = TestBroker.start(folder, settings)) {
            assertThatThrownBy(() -> connection(broker.bootstrap()).require())
                    .isInstanceOf(BrokerException.class)
                    .hasMessageContaining("Kafka at " + broker.bootstrap() + " answers, but advertises " + advertised)
                    .hasMessageContaining("advertised.listeners");
        }
    }

    @Test
    void require_somethingThatIsNoKafka_isNotAnAnswer() throws Exception {
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() ->
                            connection("127.0.0.1:" + silent.getLocalPort()).require())
                    .isInstanceOf(BrokerException.class)
                    .hasMessageContaining("cannot be reached (no answer)");
        }
    }

    @Test
    void require_hostThatIsUnknown_isNamed() {
        assertThatThrownBy(() -> connection("nosuch.invalid:9092").require())
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("nosuch.invalid is unknown");
    }

    private static KafkaConnection connection(String bootstrap) {
        return new KafkaConnection(bootstrap, "framecast", Map.of());
    }
}
