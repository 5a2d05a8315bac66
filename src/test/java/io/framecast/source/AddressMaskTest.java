package io.framecast.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressMaskTest {
    @ParameterizedTest
    @CsvSource({
        "http://host/v?access_token=s3cret, http://host/v?access_token=***",
        "http://host/v?api_key=s3cret&channel=1, http://host/v?api_key=***&channel=1",
        "http://host/v?X-Amz-Signature=s3cret, http://host/v?X-Amz-Signature=***",
        "http://host/v?loginpas=s3cret, http://host/v?loginpas=***",
        "http://host/v?s3cret, http://host/v?***",
        "http://host/v?s3cret==, http://host/v?***",
        "http://host/v?s3cret#s3cret, http://host/v?***#***",
        "http://host/v#token=s3cret, http://host/v#token=***",
        "http://host/v;token=s3cret;channel=2/x, http://host/v;token=***;channel=2/x",
        "http://host/v?channel=1;pwd=s3cret, http://host/v?channel=1;pwd=***",
        "http://host/v?channel=1?pwd=s3cret, http://host/v?channel=1?pwd=***",
        "http://host/v?channel=a-long-s3cret-in-disguise, http://host/v?channel=***",
        "http://host/v%3Ftoken%3Ds3cret, http://host/***",
        "rtsp://10.0.0.7:554/user=admin_password=s3cret_channel=1_stream=0.sdp?real_stream, rtsp://10.0.0.7:554/user=***?real_stream",
        "rtsp://10.0.0.7/user=admin&password=s3cret&channel=1, rtsp://10.0.0.7/user=***&password=***&channel=1",
        "srt://host:9000?mode=caller&latency=200&passphrase=s3cret, srt://host:9000?mode=caller&latency=200&passphrase=***",
        "srt://host:9000?streamid=#!::u=admin&r=s3cret, srt://host:9000?***#***=***&r=***",
        "rtmp://host/live/s3cret, rtmp://host/live/***",
        "rtmps://host:443/rtmp/s3cret?bandwidthtest=true, rtmps://host:443/rtmp/***?bandwidthtest=***",
        "rtmp://host/app/instance/s3cret, rtmp://host/app/***",
        "rtmp://user:s3cret@host/s3cret, rtmp://***@host/***",
        "rtmp://host/live/s3cret swfUrl=http://a/b token=s3cret, rtmp://host/live/***",
        "rtsp://admin:1?x=s3cret@host/live, rtsp://***",
        "rtsp://admin:s3cret/live, rtsp://***",
        "rtsp://admin:a@b?c=s3cret@host.lan/x, rtsp://***@host.lan/x",
        "http://camera:8080/v?pwd=s3@cret, http://***",
        "http://camera.lan:8080/v?pwd=s3@cret, http://camera.lan:8080/v?pwd=***",
    })
    void of_addressWithASecret_hidesIt(String address, String shown) {
        assertThat(AddressMask.of(address)).isEqualTo(shown).doesNotContain("s3cret");
        assertThat(AddressMask.of(shown)).as("once more").isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rtsp://host/cam/realmonitor?channel=1&subtype=0&unicast=true&proto=Onvif",
                "http://host/axis-cgi/mjpg/video.cgi?resolution=640x480&fps=12.5&compression=30&codec=h264",
                "rtsp://host/axis-media/media.amp?videocodec=h264&profile=Quality&width=640&height=480",
                "http://host:8080/?action=stream",
                "srt://host:9000?mode=listener&latency=120",
                "udp://@239.0.0.1:5000?ttl=4&pkt_size=1316",
                "rtsp://[fe80::1]:554/live",
                "http://host/live/index.m3u8"
            })
    void of_addressWithoutASecret_leavesIt(String address) {
        assertThat(AddressMask.of(address)).isEqualTo(address);
        assertThat(AddressMask.in("source '" + address + "' is gone: " + address))
                .isEqualTo("source '" + address + "' is gone: " + address);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "Unmatched argument at index 1: 'http://h.lan/v?key=s3cret', Unmatched argument at index 1: 'http://h.lan/v?key=***'",
                "two http://h/v?a=s3cret (rtmp://h/live/s3cret)., two http://h/v?a=*** (rtmp://h/live/***).",
                "'rtsp://u:s3'.cret@h.lan/x' is gone, 'rtsp://***@h.lan/x' is gone",
                "'rtsp://u:s3 cret@h.lan/x y?t=s3 cret' is gone, 'rtsp://***@h.lan/x y?t=***' is gone",
                "use rtsp://[USER:PASSWORD@]HOST[:PORT]/PATH, use rtsp://[USER:PASSWORD@]HOST[:PORT]/PATH",
                "no address at all?token=x, no address at all?token=x"
            })
    void in_text_hidesThoseOfEveryAddress(String text, String shown) {
        assertThat(AddressMask.in(text)).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rtsp:/admin:s3cret@10.0.0.7/live",
                "rtsp:admin:s3cret@10.0.0.7/live",
                "http:/10.0.0.7/live?token=s3cret",
                "admin:s3cret@10.0.0.7/live",
                "admin:s3/cret@10.0.0.7",
                "10.0.0.7:8080/live?token=s3cret",
            })
    void parse_addressTypedWithoutSchemeOrSlashes_isNoFileAndComesOutWithoutItsSecret(String typed) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SourceSpec.parse(typed))
                .withMessageContaining("10.0.0.7")
                .withMessageContaining("write ")
                .withMessageNotContaining("cret");
    }

    @Test
    void parse_fileThatLooksLikeOne_isAFileAfterADotAndASlash() {
        assertThat(SourceSpec.parse("./admin:s@10.0.0.7").location().kind()).isEqualTo(SourceLocation.Kind.FILE);
        assertThat(SourceSpec.parse("./rtsp:x.mp4").location().kind()).isEqualTo(SourceLocation.Kind.FILE);
    }

    @Test
    void parse_controlCharacters_areRefusedAndShownAsTheirEscapes() {
        assertThatThrownBy(() -> SourceSpec.parse("rtsp://host/a\nb\u001b[2J"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("source 'rtsp://host/a\\nb\\u001b[2J' holds a control character");
    }
}
