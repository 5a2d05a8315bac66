package io.framecast.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.framecast.source.SourceLocation.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceSpecTest {
    @ParameterizedTest
    @CsvSource({
        "0, camera0, DEVICE, /dev/video0",
        "12, camera12, DEVICE, /dev/video12",
        "/dev/video3, camera3, DEVICE, /dev/video3",
        "test:street, street, SCENE, street",
        "yard=test:shapes, yard, SCENE, shapes",
        "clips/My film.final.mp4, My-film-final, FILE, clips/My film.final.mp4",
        "C4=clips/a=b.mp4, C4, FILE, clips/a=b.mp4",
        "./a=b.mp4, a-b, FILE, ./a=b.mp4",
        "door=./a=b.mp4, door, FILE, ./a=b.mp4",
        ".mp4, mp4, FILE, .mp4",
        "rtsp://10.0.0.7:554/live, 10-0-0-7, RTSP, rtsp://10.0.0.7:554/live",
        "RTSPS://cam.local/x, cam-local, RTSP, RTSPS://cam.local/x",
        "http://cam/video?a=b, cam, HTTP, http://cam/video?a=b",
        "gate=https://cam/video?a=b, gate, HTTP, https://cam/video?a=b",
        "rtsp://[fe80::1]:554/x, fe80-1, RTSP, rtsp://[fe80::1]:554/x",
    })
    void parse_source_givesIdAndLocation(String text, String id, Kind kind, String address) {
        var spec = SourceSpec.parse(text);

        assertThat(spec.camera().value()).isEqualTo(id);
        assertThat(spec.location().kind()).isEqualTo(kind);
        assertThat(spec.location().address()).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"my cam!=x.mp4", "=x.mp4", "tür=0"})
    void parse_malformedId_saysSo(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SourceSpec.parse(text))
                .withMessageContaining("camera id '" + text.substring(0, text.indexOf('=')) + "' is malformed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "cam=", "ftp://host/x.mp4", "rtsp://", "rtsp:///x", "rtsp://user:secret@/x"})
    void parse_unusableSource_saysTheWayOut(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SourceSpec.parse(text))
                .withMessageContaining("use")
                .withMessageNotContaining("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "rtsp://host/live, rtsp://host/live, rtsp://host/live",
        "rtsp://admin:secret@host/live, rtsp://***@host/live, rtsp://admin:secret@host/live",
        "rtsp://admin:p@ss:w/ord@host/live, rtsp://***@host/live, rtsp://admin:p%40ss:w%2Ford@host/live",
        "http://admin:p@ss:w/ord@10.0.0.7:80/live?pwd=p@ss:w/ord, http://***@10.0.0.7:80/live?pwd=***, http://admin:p%40ss:w%2Ford@10.0.0.7:80/live?pwd=p@ss:w/ord",
        "rtsp://admin:p@ss/word@10.0.0.7:554/live, rtsp://***@10.0.0.7:554/live, rtsp://admin:p%40ss%2Fword@10.0.0.7:554/live",
        "rtsp://admin:p%40ss%3Aw%2Ford@host/live, rtsp://***@host/live, rtsp://admin:p%40ss%3Aw%2Ford@host/live",
        "rtsp://admin:50%off?#@host/live, rtsp://***@host/live, rtsp://admin:50%25off%3F%23@host/live",
        "rtsp://admin:pässwort@host/live, rtsp://***@host/live, rtsp://admin:p%C3%A4sswort@host/live",
        "rtsp://u:secret@[fe80::1]:554/x, rtsp://***@[fe80::1]:554/x, rtsp://u:secret@[fe80::1]:554/x",
        "http://host.lan/x@2.mp4, http://***@2.mp4, http://host.lan/x@2.mp4",
        "rtsp://u:secret@host.lan/cam@1, rtsp://***@1, rtsp://u:secret@host.lan/cam@1",
        "http://host/v?user=a&pwd=secret&ch=1, http://host/v?user=***&pwd=***&ch=1, http://host/v?user=a&pwd=secret&ch=1",
    })
    void masked_url_hidesSecretsAndKeepsThemForFfmpeg(String text, String masked, String address) {
        var spec = SourceSpec.parse(text);

        assertThat(spec.location().masked()).isEqualTo(masked);
        assertThat(spec.location()).hasToString(masked);
        assertThat(spec.toString()).contains(masked).doesNotContain("secret").doesNotContain("word");
        assertThat(spec.location().address()).isEqualTo(address);
    }

    @Test
    void parseAll_derivedIdsRepeat_areNumbered() {
        var specs = SourceSpec.parseAll(List.of("test:street", "a/clip.mp4", "b/clip.mp4", "clip-2=0", "c/clip.mkv"));

        assertThat(specs)
                .extracting(spec -> spec.camera().value())
                .containsExactly("street", "clip", "clip-3", "clip-2", "clip-4");
    }

    @Test
    void parseAll_longDerivedIds_stayLegal() {
        var name = "x".repeat(80) + ".mp4";

        assertThat(SourceSpec.parseAll(List.of(name, "b/" + name)))
                .extracting(spec -> spec.camera().value())
                .containsExactly("x".repeat(64), "x".repeat(62) + "-2");
    }

    @Test
    void parseAll_givenIdTwice_namesIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SourceSpec.parseAll(List.of("door=0", "door=1")))
                .withMessageContaining("camera id 'door'");
    }
}
