package io.framecast.preview.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpConfigTest {
    @Test
    void default_isLoopbackOnPort8080WithoutToken() {
        assertThat(HttpConfig.DEFAULT).isEqualTo(new HttpConfig("127.0.0.1", 8080, Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.3.2.1", "localhost", "LOCALHOST", "::1"})
    void host_loopback_needsNoToken(String host) {
        assertThat(new HttpConfig(host, 0, Optional.empty()).isLoopback()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.168.1.2", "cam.example", "999.1.1.1", "localhost.example"})
    void host_reachableWithoutToken_isRefusedWithTheWayOut(String host) {
        assertThatThrownBy(() -> new HttpConfig(host, 8080, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(host)
                .hasMessageContaining("--token")
                .hasMessageNotContaining("\n");
    }

    @Test
    void host_reachableWithToken_isTaken() {
        assertThat(new HttpConfig("0.0.0.0", 80, Optional.of("s3cret")).token()).contains("s3cret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "two words", "line\nbreak", "ü"})
    void token_malformed_isRefusedWithoutSayingIt(String token) {
        assertThatThrownBy(() -> new HttpConfig("127.0.0.1", 0, Optional.of(token)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--token");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65_536})
    void port_outOfRange_isRefused(int port) {
        assertThatThrownBy(() -> new HttpConfig("127.0.0.1", port, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Integer.toString(port))
                .hasMessageContaining("--port");
    }

    @Test
    void toString_withToken_leavesItOut() {
        assertThat(new HttpConfig("0.0.0.0", 80, Optional.of("s3cret")).toString())
                .contains("0.0.0.0")
                .doesNotContain("s3cret");
    }
}
