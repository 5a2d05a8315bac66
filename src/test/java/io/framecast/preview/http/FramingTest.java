package io.framecast.preview.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FramingTest {
    @Test
    void ancestors_ofNone_isNobody() {
        assertThat(Framing.NONE.isAllowed()).isFalse();
        assertThat(Framing.NONE.ancestors()).isEqualTo("'none'");
    }

    @Test
    void ancestors_ofSome_areThoseAndOurselves() {
        assertThat(new Framing(List.of("http://a:1/", "https://*.example.org", "http://a:1")).ancestors())
                .isEqualTo("'self' http://a:1 https://*.example.org");
        assertThat(new Framing(List.of("*")).ancestors()).isEqualTo("'self' *");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "home.example",
                "https://",
                "https://home.example/path",
                "https://home.example; script-src *",
                "https://home.example https://b",
                "'none'",
                "https://*",
                "ftp://home.example"
            })
    void origin_malformed_isRefusedWithTheWayOut(String origin) {
        assertThatThrownBy(() -> new Framing(List.of("https://good.example", origin)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + origin + "'")
                .hasMessageContaining("--allow-framing https://");
    }
}
