package io.framecast.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretReferencesTest {
    private static final String SECRET = "s3:c@r/e%t?#&ü";
    private static final String ENCODED = "s3%3Ac%40r%2Fe%25t%3F%23%26%C3%BC";

    @TempDir
    Path folder;

    private static SourceLocation parse(String source) {
        Map<String, String> variables = Map.of(
                "CAM_PASSWORD", SECRET,
                "CAM_PLAIN", "plainsecret",
                "CAM_ADDRESS", "rtsp://admin:" + "s3cret" + "@host.lan/live",
                "CAM_EMPTY", "",
                "CAM_LINES", "s3cret\nmore");
        return SourceLocation.parse(source, new SecretReferences(variables::get));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{env:CAM_PASSWORD}", "${env:CAM_PASSWORD}"})
    void parse_passwordInTheEnvironment_isEncodedForFfmpegAndShownToNobody(String reference) {
        var location = parse("rtsp://admin:" + reference + "@host/live");

        assertThat(location.address()).isEqualTo("rtsp://admin:" + ENCODED + "@host/live");
        assertThat(location.masked()).isEqualTo("rtsp://***@host/live");
        assertThat(location.host()).isEqualTo("host");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n"})
    void parse_passwordInAFile_isTakenWithoutItsLineBreak(String end) throws IOException {
        Path file = Files.writeString(folder.resolve("camera password"), SECRET + end);

        assertThat(parse("rtsp://admin:{file:" + file + "}@host/live").address())
                .isEqualTo("rtsp://admin:" + ENCODED + "@host/live");
    }

    @ParameterizedTest
    @CsvSource({
        "http://host/v?channel=1&token={env:CAM_PASSWORD}, http://host/v?channel=1&token=ENCODED, http://host/v?channel=1&token=***",
        "rtsp://host:7447/{env:CAM_PLAIN}, rtsp://host:7447/plainsecret, rtsp://host:7447/***",
        "http://host/v?channel={env:CAM_PLAIN}, http://host/v?channel=plainsecret, http://host/v?channel=***",
        "rtsp://{env:CAM_PLAIN}:{env:CAM_PASSWORD}@host/x, rtsp://plainsecret:ENCODED@host/x, rtsp://***@host/x",
        "srt://host:9000?passphrase={env:CAM_PLAIN}, srt://host:9000?passphrase=plainsecret, srt://host:9000?passphrase=***",
        "rtsp://admin:{env}@host/x, rtsp://admin:%7Benv%7D@host/x, rtsp://***@host/x",
    })
    void parse_secretAnywhere_isPutInPlace(String source, String address, String shown) {
        var location = parse(source);

        assertThat(location.address()).isEqualTo(address.replace("ENCODED", ENCODED));
        assertThat(location.masked()).isEqualTo(shown);
        assertThat(location).hasToString(shown);
    }

    @Test
    void parse_secretAsHost_isNoPartOfTheId() {
        var location = parse("rtsp://{env:CAM_PLAIN}/live");

        assertThat(location.host()).isEqualTo("plainsecret");
        assertThat(location.name()).doesNotContain("plain");
        assertThat(location.masked()).isEqualTo("rtsp://***/live");
    }

    @Test
    void parse_wholeAddressInTheEnvironment_isReadAsTyped() throws IOException {
        assertThat(parse("{env:CAM_ADDRESS}").address()).isEqualTo("rtsp://admin:s3cret@host.lan/live");
        assertThat(parse("{env:CAM_ADDRESS}").masked()).isEqualTo("rtsp://***@host.lan/live");
        Path file = Files.writeString(folder.resolve("address"), "http://host/v?key=s3cret\n");
        assertThat(parse("{file:" + file + "}").address()).isEqualTo("http://host/v?key=s3cret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rtsp://admin:{env:NO_SUCH}@host/live| source 'rtsp://***@host/live' needs its secret, but the variable 'NO_SUCH' is not set: set it for the process that runs Framecast",
                "rtsp://admin:{env:CAM_EMPTY}@host/live| the variable 'CAM_EMPTY' is empty: write",
                "rtsp://admin:{env:CAM_LINES}@host/live| the variable 'CAM_LINES' holds more than one line",
                "rtsp://admin:{file:FOLDER/nothing}@host/live| source 'rtsp://***@host/live' needs its secret, but the file 'FOLDER/nothing' cannot be read: check its path and permissions",
                "rtsp://admin:{file:FOLDER}@host/live| the file 'FOLDER' cannot be read",
                "rtsp://admin:{file:FOLDER/empty}@host/live| the file 'FOLDER/empty' is empty",
                "rtsp://admin:{file:FOLDER/two}@host/live| the file 'FOLDER/two' holds more than one line",
                "rtsp://admin:{file:FOLDER/large}@host/live| the file 'FOLDER/large' is larger than 4096 bytes",
                "rtsp://admin:{file:FOLDER/bytes}@host/live| the file 'FOLDER/bytes' is not text in UTF-8",
                "srt://host:9000?passphrase={env:CAM_PASSWORD}| the variable 'CAM_PASSWORD' holds a space or one of & + #",
                "{env:NO_SUCH}| the variable 'NO_SUCH' is not set",
                "{env:CAM_PLAIN}| source '{env:CAM_PLAIN}' stands for what is no address",
            })
    void parse_secretThatIsNotThere_saysSoInOneLineWithoutIt(String source, String expected) throws IOException {
        Files.writeString(folder.resolve("empty"), "\n");
        Files.writeString(folder.resolve("two"), "s3cret\ns3cret\n");
        Files.writeString(folder.resolve("large"), "s3cret".repeat(1000));
        Files.write(folder.resolve("bytes"), new byte[] {'s', '3', (byte) 0xff});

        assertThatThrownBy(() -> parse(source.replace("FOLDER", folder.toString())))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining(expected.replace("FOLDER", folder.toString()))
                .message()
                .doesNotContain("s3", "plainsecret", "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rtsp://admin:{env:CAM_PASSWORD@host/live", "rtsp://admin:{env:}@host/live"})
    void parse_referenceWithoutItsEnd_isRefused(String source) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse(source))
                .withMessageContaining("write {env:NAME} or {file:PATH}");
    }
}
