package io.framecast.preview.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.framecast.preview.CameraViews;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ReachableAddressesTest {
    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "127.0.0.1", "localhost"})
    void addresses_ofAnyHost_openThePage(String host) throws Exception {
        var config = new HttpConfig(host, 0, Optional.of("s3cret"));
        try (var server = PreviewServer.start(config, new CameraViews(), Health.READY, () -> "", any -> new byte[0])) {
            assertThat(server.addresses()).isNotEmpty().contains(server.address());
            for (URI address : server.addresses()) {
                assertThat(address.getHost()).isNotIn("0.0.0.0", "[::]", "[0:0:0:0:0:0:0:0]");
                var request = HttpRequest.newBuilder(address)
                        .header("Authorization", "Bearer s3cret")
                        .timeout(Duration.ofSeconds(10))
                        .build();
                var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
                assertThat(answer.statusCode()).as(address.toString()).isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7,http://192.0.2.7:8080/",
        "127.0.0.1,http://127.0.0.1:8080/",
        "::1,http://[0:0:0:0:0:0:0:1]:8080/",
        "2001:db8::7,http://[2001:db8:0:0:0:0:0:7]:8080/"
    })
    void of_oneAddress_isThatOne(String bound, String address) {
        assertThat(ReachableAddresses.of(new InetSocketAddress(bound, 8080))).containsExactly(URI.create(address));
    }

    @Test
    void addresses_behindAProxy_beginWithThePublicOne() {
        var config = new HttpConfig(
                "127.0.0.1",
                0,
                Optional.empty(),
                Optional.of(PublicAddress.parse("https://cams.example/door")),
                Framing.NONE);
        try (var server = PreviewServer.start(config, new CameraViews(), Health.READY, () -> "", any -> new byte[0])) {
            assertThat(server.addresses()).containsExactly(URI.create("https://cams.example/door/"), server.address());
        }
    }
}
