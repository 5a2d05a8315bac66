package io.framecast.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BootstrapAddressTest {
    @ParameterizedTest
    @CsvSource({
        "localhost:9092, localhost, 9092",
        "[::1]:9092, ::1, 9092",
        "[2001:db8::7]:1, 2001:db8::7, 1",
        "PLAINTEXT://kafka-1.example:65535, kafka-1.example, 65535",
        "192.0.2.10:9094, 192.0.2.10, 9094"
    })
    void address_thatKafkaReads_isTaken(String address, String host, int port) {
        assertThat(BootstrapAddress.parseAll(address)).containsExactly(new BootstrapAddress(host, port));
    }

    @Test
    void addresses_withBlanksAfterCommas_areSeveral() {
        assertThat(BootstrapAddress.parseAll("a:1, [::1]:2 ,c:3"))
                .containsExactly(
                        new BootstrapAddress("a", 1), new BootstrapAddress("::1", 2), new BootstrapAddress("c", 3));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"here", "host:", ":9092", "[::1]", "host:0", "host:65536", "host:99999999999", "a b:1", "host:x"
            })
    void address_malformed_isNamed(String address) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BootstrapAddress.parseAll("good:1," + address))
                .withMessageContaining("'" + address + "'")
                .withMessageContaining("HOST:PORT");
    }
}
