package io.framecast.preview.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.framecast.preview.CameraViews;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in when a proxy changes what a request says of where it comes from. */
@Timeout(60)
class BehindProxyTest {
    private static final String UPGRADE = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==";
    private static final String ORIGIN = "Origin: https://cams.example:8443";

    /** What nginx makes of Host when nobody tells it otherwise. */
    private static final String UPSTREAM = "Host: 127.0.0.1:8080";

    private PreviewServer server = start(Optional.empty(), Optional.empty(), List.of());

    @AfterEach
    void close() {
        server.close();
    }

    private static PreviewServer start(Optional<String> token, Optional<String> publicUrl, List<String> framing) {
        var config = new HttpConfig("127.0.0.1", 0, token, publicUrl.map(PublicAddress::parse), new Framing(framing));
        return PreviewServer.start(config, new CameraViews(), Health.READY, () -> "", any -> new byte[0]);
    }

    private void restart(Optional<String> token, Optional<String> publicUrl, List<String> framing) {
        server.close();
        server = start(token, publicUrl, framing);
    }

    @ParameterizedTest
    @CsvSource({
        "cams.example:8443,https://cams.example:8443,101",
        "cams.example,https://cams.example:8443,101",
        "CAMS.example,https://Cams.Example:8443,101",
        "127.0.0.1:8080,https://cams.example:8443,101",
        "127.0.0.1:8080,http://127.0.0.1:8080,101",
        "cams.example,https://evil.example,403",
        "cams.example,http://cams.example:8443,403",
        "cams.example,null,403",
        "evil.example,https://cams.example:8443,403",
        "evil.example,http://evil.example,403",
        "cams.example.evil.example,https://cams.example:8443,403"
    })
    void publicUrl_events_areForItsOriginAndItsHostOnly(String host, String origin, int status) throws Exception {
        restart(Optional.empty(), Optional.of("https://cams.example:8443/door"), List.of());

        assertThat(status("/events", "Host: " + host, "Origin: " + origin, UPGRADE))
                .isEqualTo(status);
    }

    @Test
    void publicUrl_none_callsByOtherNamesAreRefusedWithTheWayOut() throws Exception {
        try (var connection = new RawConnection(server.address().getPort())) {
            var answer = connection.send("GET", "/cameras", "Host: cams.example");
            assertThat(answer.status()).isEqualTo(403);
            assertThat(new ObjectMapper()
                            .readTree(connection.body(answer))
                            .path("error")
                            .asText())
                    .contains("localhost", "--token", "--public-url");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&token=", "?ticket=00", "?ticket="})
    void events_foreignOriginWithoutProof_areRefused(String query) throws Exception {
        assertThat(status("/events" + query, UPSTREAM, ORIGIN, UPGRADE)).isIn(403, 404);

        restart(Optional.of("s3cret"), Optional.empty(), List.of());
        assertThat(status("/events" + query, UPSTREAM, ORIGIN, UPGRADE, cookie()))
                .isIn(403, 404);
    }

    @Test
    void events_ticketOfOurPage_excusesAnyNameThatAProxyGives() throws Exception {
        var ticket = ticket(UPSTREAM);
        assertThat(status("/events?ticket=" + ticket, UPSTREAM, ORIGIN, UPGRADE))
                .isEqualTo(101);
        assertThat(status("/events?ticket=" + ticket, "Host: evil.example", "Origin: http://evil.example", UPGRADE))
                .as("a name that was led here")
                .isEqualTo(403);

        restart(Optional.of("s3cret"), Optional.empty(), List.of());
        assertThat(status("/events?ticket=" + ticket, UPSTREAM, ORIGIN, UPGRADE, cookie()))
                .as("of another start")
                .isEqualTo(403);
        ticket = ticket(UPSTREAM, cookie());
        assertThat(status("/events?ticket=" + ticket, UPSTREAM, ORIGIN, UPGRADE))
                .as("no token")
                .isEqualTo(401);
        assertThat(status("/events?ticket=" + ticket, UPSTREAM, ORIGIN, UPGRADE, cookie()))
                .isEqualTo(101);
    }

    @Test
    void ticket_foreignPage_getsNone() throws Exception {
        assertThat(status("/ticket", UPSTREAM, ORIGIN)).isEqualTo(403);
        assertThat(status("/ticket", "Host: evil.example")).isEqualTo(403);

        restart(Optional.of("s3cret"), Optional.empty(), List.of());
        assertThat(status("/ticket", UPSTREAM, ORIGIN, cookie())).isEqualTo(403);
        assertThat(status("/ticket", UPSTREAM)).isEqualTo(401);
    }

    @Test
    void token_shownItself_excusesTheOrigin() throws Exception {
        restart(Optional.of("s3cret"), Optional.empty(), List.of());

        assertThat(status("/events?token=s3cret", UPSTREAM, ORIGIN, UPGRADE)).isEqualTo(101);
        assertThat(status("/events", UPSTREAM, ORIGIN, UPGRADE, "Authorization: Bearer s3cret"))
                .isEqualTo(101);
        assertThat(status("/events?token=wrong", UPSTREAM, ORIGIN, UPGRADE)).isEqualTo(403);
    }

    @Test
    void forwardedHost_excusesTheOriginButIsNoHost() throws Exception {
        assertThat(status("/events", UPSTREAM, ORIGIN, UPGRADE, "X-Forwarded-Host: cams.example:8443, inner"))
                .isEqualTo(101);
        assertThat(status("/cameras", "Host: evil.example", "X-Forwarded-Host: localhost"))
                .isEqualTo(403);
    }

    @Test
    void cookie_overTlsBelowAPath_staysThere() throws Exception {
        restart(Optional.of("s3cret"), Optional.of("https://cams.example/door/"), List.of());

        assertThat(setCookie("s3cret", "Host: cams.example")).contains("Path=/door/", "Secure", "SameSite=Strict");
        assertThat(setCookie("s3cret", UPSTREAM)).contains("Path=/;").doesNotContain("Secure");
        assertThat(setCookie("s3cret", UPSTREAM, "X-Forwarded-Proto: https", "X-Forwarded-Prefix: /yard"))
                .contains("Path=/yard/", "Secure");
        assertThat(setCookie("s3cret", UPSTREAM, "X-Forwarded-Prefix: /a; Domain=example"))
                .as("what is no path")
                .contains("Path=/;");
    }

    @Test
    void cookie_twoServersOnOneHost_haveNamesOfTheirOwn() throws Exception {
        restart(Optional.of("s3cret"), Optional.empty(), List.of());
        var one = cookie();
        restart(Optional.of("0ther"), Optional.empty(), List.of());
        var other = setCookie("0ther", UPSTREAM);

        assertThat(other.substring(0, other.indexOf('='))).isNotEqualTo(one.substring(8, one.indexOf('=')));
        assertThat(status("/cameras", one + "; " + other.substring(0, other.indexOf(';'))))
                .isEqualTo(200);
        assertThat(status("/cameras", one)).isEqualTo(401);
    }

    @Test
    void page_withTokenInItsAddress_isNotKept() throws Exception {
        restart(Optional.of("s3cret"), Optional.empty(), List.of());
        try (var connection = new RawConnection(server.address().getPort())) {
            var first = connection.send("GET", "/?token=s3cret");
            connection.body(first);
            assertThat(first.headers()).containsEntry("cache-control", "no-store");
        }
    }

    @Test
    void framing_none_isForbidden() throws Exception {
        try (var connection = new RawConnection(server.address().getPort())) {
            var headers = connection.send("GET", "/").headers();
            assertThat(headers).containsEntry("x-frame-options", "DENY");
            assertThat(headers.get("content-security-policy")).endsWith("frame-ancestors 'none'");
        }
    }

    @Test
    void framing_allowed_namesThePagesThatMay() throws Exception {
        restart(
                Optional.of("s3cret"),
                Optional.empty(),
                List.of("https://home.example:8123/", "https://*.example.org"));
        try (var connection = new RawConnection(server.address().getPort())) {
            var headers = connection.send("GET", "/?token=s3cret").headers();
            assertThat(headers).doesNotContainKey("x-frame-options");
            assertThat(headers.get("content-security-policy"))
                    .endsWith("frame-ancestors 'self' https://home.example:8123 https://*.example.org");
            assertThat(headers.get("set-cookie")).contains("SameSite=Strict");
        }
        assertThat(setCookie("s3cret", UPSTREAM, "X-Forwarded-Proto: https"))
                .contains("SameSite=None", "Secure", "Partitioned");
    }

    private int status(String path, String... headers) throws IOException {
        try (var connection = new RawConnection(server.address().getPort())) {
            return connection.send("GET", path, headers).status();
        }
    }

    private String ticket(String... headers) throws IOException {
        try (var connection = new RawConnection(server.address().getPort())) {
            return new ObjectMapper()
                    .readTree(connection.body(connection.send("GET", "/ticket", headers)))
                    .path("ticket")
                    .asText();
        }
    }

    private String cookie() throws IOException {
        var set = setCookie("s3cret", UPSTREAM);
        return "Cookie: " + set.substring(0, set.indexOf(';'));
    }

    private String setCookie(String token, String... sent) throws IOException {
        try (var connection = new RawConnection(server.address().getPort())) {
            var headers = connection.send("GET", "/?token=" + token, sent).headers();
            return Objects.requireNonNull(headers.get("set-cookie"), "a cookie");
        }
    }
}
