package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OneLineTest {
    private static String of(String message) {
        return OneLine.of(new IllegalStateException(message));
    }

    @ParameterizedTest
    @CsvSource({
        "source rtsp://user:p@ss:w/ord@host/x is gone, source rtsp://***@host/x is gone",
        "'http://me@host', 'http://***@host'",
        "two rtsp://a:b@one/x http://c:d@two/y, two rtsp://***@one/x http://***@two/y",
        "mail me@host, mail me@host",
        "rtsp://host/x, rtsp://host/x"
    })
    void userInfo_ofUrls_isMasked(String message, String expected) {
        assertThat(of(message)).isEqualTo(expected);
    }

    @Test
    void advice_howToGiveThem_isKept() {
        assertThat(of("give them as scheme://USER:PASSWORD@HOST")).endsWith("scheme://USER:PASSWORD@HOST");
        assertThat(of("use rtsp://[USER:PASSWORD@]HOST")).endsWith("rtsp://[USER:PASSWORD@]HOST");
    }

    @Test
    void failure_withoutMessage_isNamedByItsKind() {
        assertThat(OneLine.of(new IllegalStateException())).startsWith("IllegalStateException");
        assertThat(of(" \n ")).startsWith("IllegalStateException");
    }

    @Test
    void message_ofSeveralLines_isALineEach() {
        assertThat(OneLine.all(new IllegalStateException("one\n\n two "))).containsExactly("one", "two");
        assertThat(of("one\ntwo")).isEqualTo("one");
    }
}
