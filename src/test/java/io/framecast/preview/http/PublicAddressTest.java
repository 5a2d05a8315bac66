package io.framecast.preview.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublicAddressTest {
    @ParameterizedTest
    @CsvSource({
        "https://cams.example,https://cams.example/,https://cams.example,/",
        "https://cams.example/door,https://cams.example/door/,https://cams.example,/door/",
        "HTTPS://Cams.Example:443/Door/,https://cams.example/Door/,https://cams.example,/Door/",
        "http://cams.example:8088/a/b,http://cams.example:8088/a/b/,http://cams.example:8088,/a/b/",
        "http://192.0.2.7:80/,http://192.0.2.7/,http://192.0.2.7,/",
        "' https://[2001:db8::7]:8443 ',https://[2001:db8::7]:8443/,https://[2001:db8::7]:8443,/"
    })
    void parse_address_endsInASlashAndKnowsItsOrigin(String typed, String url, String origin, String path) {
        var address = PublicAddress.parse(typed);

        assertThat(address.url()).hasToString(url);
        assertThat(address.origin()).isEqualTo(origin);
        assertThat(address.path()).isEqualTo(path);
    }

    @Test
    void host_ofIpv6_hasNoBrackets() {
        assertThat(PublicAddress.parse("https://[2001:db8::7]/").host()).isEqualTo("2001:db8::7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "cams.example",
                "/door/",
                "ftp://cams.example/",
                "https:///door",
                "https://cams.example/?token=x",
                "https://cams.example/#door",
                "https://cams example/",
                "mailto:a@b"
            })
    void parse_notAnAddressOfAPage_saysSoWithTheWayOut(String typed) {
        assertThatThrownBy(() -> PublicAddress.parse(typed))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("public address")
                .hasMessageContaining("; give what browsers open, as in --public-url https://")
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://me:s3cret@cams.example/", "https://me:s3 cret@cams.example/"})
    void parse_password_isNotRepeated(String typed) {
        assertThatThrownBy(() -> PublicAddress.parse(typed))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("s3");
    }
}
