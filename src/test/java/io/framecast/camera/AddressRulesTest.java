package io.framecast.camera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.NetworkInterface;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRulesTest {
    private final AddressRules strict = new AddressRules(false);
    private final AddressRules lenient = new AddressRules(true);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rtsp://192.0.2.10/stream",
                "RTSP://user:p@ss@192.0.2.10:8554/stream",
                "http://10.1.2.3/video.mjpg",
                "https://[2001:db8::1]/a",
                "srt://192.0.2.10:9000?streamid=a",
                "rtmp://192.0.2.10/live",
                "test:street"
            })
    void check_cameraElsewhere_isAllowed(String source) {
        assertThat(strict.check(source)).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "/etc/passwd, files and devices",
        "clip.mp4, files and devices",
        "0, files and devices",
        "/dev/video0, files and devices",
        "file:///etc/passwd, addresses may begin with",
        "udp://192.0.2.1:5000, addresses may begin with",
        "tcp://192.0.2.1:5000, addresses may begin with",
        "concat:a|b, files and devices",
        "test:nope, not a scene",
        "rtsp://user:{env:HOME}@192.0.2.1/, a secret of this machine",
        "{file:/etc/passwd}, a secret of this machine",
        "'${env:HOME}', a secret of this machine",
        "srt://192.0.2.1:9000?mode=listener, open a port",
        "srt://192.0.2.1:9000?a=b&MODE=rendezvous, open a port",
        "rtmp://192.0.2.1/live?listen=1, open a port",
        "'', files and devices"
    })
    void check_otherSource_isRefusedEvenWhereLocalIsAllowed(String source, String words) {
        for (var rules : List.of(strict, lenient)) {
            assertThatThrownBy(() -> rules.check(source))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(words);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://0177.0.0.1/",
                "http://0251.254.169.254/",
                "http://0x7f.0.0.1/",
                "http://0x7f000001/",
                "http://2130706433/",
                "rtsp://127.1/",
                "rtsp://192.0.2.010/",
                "rtsp://192.0.2.256/"
            })
    void check_numberThatProgramsReadDifferently_isRefused(String source) {
        for (var rules : List.of(strict, lenient)) {
            assertThatThrownBy(() -> rules.check(source)).hasMessageContaining("is no plain address");
        }
    }

    @Test
    void check_endOfALine_isRefused() {
        assertThatThrownBy(() -> lenient.check("rtsp://192.0.2.1/a\r\nX: y"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("control character");
    }

    @Test
    void check_unknownName_isRefused() {
        assertThatThrownBy(() -> strict.check("rtsp://no.such.host.invalid/"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no address is known of 'no.such.host.invalid'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rtsp://127.0.0.1/",
                "http://localhost:8080/",
                "http://LOCALHOST/",
                "http://[::1]/",
                "http://[::ffff:127.0.0.1]/",
                "http://[::127.0.0.1]/",
                "http://[64:ff9b::7f00:1]/",
                "http://[2002:7f00:1::]/",
                "http://100.100.100.200/",
                "http://0.0.0.0/",
                "http://[::]/",
                "http://169.254.169.254/latest/meta-data",
                "http://[fe80::1]/",
                "http://[fd00:ec2::254]/",
                "rtsp://224.0.0.1/"
            })
    void check_thisMachineOrItsLink_isRefusedUnlessAllowed(String source) {
        assertThatThrownBy(() -> strict.check(source))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--allow-local-cameras");
        assertThat(lenient.check(source)).isNotNull();
    }

    @Test
    void check_addressOfThisMachineInItsNetwork_isRefused() throws Exception {
        for (var card : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            for (var address : Collections.list(card.getInetAddresses())) {
                var host = address.getHostAddress().replaceFirst("%.*", "");
                var source = "rtsp://" + (host.contains(":") ? "[" + host + "]" : host) + "/";
                assertThatThrownBy(() -> strict.check(source)).as(source).hasMessageContaining(host);
            }
        }
    }
}
