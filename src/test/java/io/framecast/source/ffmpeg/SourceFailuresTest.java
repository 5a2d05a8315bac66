package io.framecast.source.ffmpeg;

import static io.framecast.source.SourceFailure.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.framecast.frame.CameraStatus;
import io.framecast.source.RtspServer;
import io.framecast.source.RtspTransport;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceException;
import io.framecast.source.SourceFailure;
import io.framecast.source.SourceLocation;
import io.framecast.source.SourceSpec;
import io.framecast.source.reader.FrameSources;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.bytedeco.ffmpeg.global.avutil;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Walks through all causes for which a source cannot be read, each as a user meets it, and reads what is said. */
class SourceFailuresTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final SourceConfig CONFIG = SourceConfig.builder()
            .openTimeout(Duration.ofSeconds(2))
            .readTimeout(Duration.ofSeconds(2))
            .build();
    private static final boolean MAC =
            System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("mac");
    private static final Map<SourceFailure, Row> TABLE = new EnumMap<>(SourceFailure.class);

    @TempDir
    static Path folder;

    private static ScriptedServers servers;
    private static ServerSocketChannel socketFile;

    /** How a cause is met, and what is said then; {@code SOURCE} stands for the source as it is shown. */
    private record Row(String source, RtspTransport transport, String said) {}

    @BeforeAll
    static void makeAll() throws IOException {
        Ffmpeg.load();
        servers = new ScriptedServers();
        socketFile = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        makeFiles();
        makeAnswers();
        files();
        contents();
        devicesAndNetwork();
        answersByStatus();
        protocols();
        readingAndSecrets();
    }

    @AfterAll
    static void end() throws IOException {
        servers.close();
        socketFile.close();
    }

    private static void makeFiles() throws IOException {
        Files.createFile(folder.resolve("empty.mp4"));
        Files.writeString(folder.resolve("notes.txt"), "no video\n".repeat(100));
        Files.writeString(folder.resolve("text.mp4"), "no video\n".repeat(100));
        Files.writeString(
                folder.resolve("list.m3u8"), "#EXTM3U\n#EXTINF:5,\nhttp://127.0.0.1:1/x.ts\n#EXT-X-ENDLIST\n");
        var damaged = Files.readAllBytes(TestVideos.write(folder.resolve("none.mkv"), 64, 64, 1, 10));
        Arrays.fill(damaged, damaged.length / 2, damaged.length - 100, (byte) 0);
        Files.write(folder.resolve("none.mkv"), damaged);
        var sound = new AudioInputStream(
                new ByteArrayInputStream(new byte[16_000]), new AudioFormat(8_000, 16, 1, true, false), 8_000);
        AudioSystem.write(
                sound, AudioFileFormat.Type.WAVE, folder.resolve("sound.wav").toFile());
        socketFile.bind(UnixDomainSocketAddress.of(folder.resolve("socket")));
        Files.writeString(folder.resolve("secret"), "no address");
    }

    private static void makeAnswers() throws IOException {
        var page = "<html>no film</html>".repeat(500).getBytes(StandardCharsets.UTF_8);
        servers.put("page", "text/html", page, page.length);
        var playlist = "#EXTM3U\n#EXT-X-TARGETDURATION:5\n".getBytes(StandardCharsets.UTF_8);
        servers.put("empty.m3u8", "application/vnd.apple.mpegurl", playlist, playlist.length);
        var part = ("--next\r\nContent-Type: image/jpeg\r\n\r\n" + "x".repeat(2_000)).getBytes(StandardCharsets.UTF_8);
        servers.put("parts", "multipart/x-mixed-replace; boundary=other", part, 0);
        var broken = "\u00FF\u00D8\u00FF\u00E0 broken".repeat(50).getBytes(StandardCharsets.ISO_8859_1);
        servers.put("still", "image/jpeg", broken, broken.length);
        var noise = new Random(1);
        var millis = LongStream.range(0, 100).map(index -> 40 * index).boxed().toList();
        TestVideos.Painter painter = (index, x, y) -> noise.nextInt(1 << 24);
        var film = Files.readAllBytes(TestVideos.write(folder.resolve("film.mov"), 64, 64, millis, painter));
        servers.put("film.mov", "video/mp4", film, film.length);
        var cut = Files.readAllBytes(TestVideos.write(folder.resolve("cut.mkv"), 64, 64, millis, painter));
        servers.put("cut.mkv", "video/x-matroska", Arrays.copyOf(cut, cut.length / 2), cut.length);
    }

    private static void row(SourceFailure cause, Object source, String said) {
        row(cause, source, RtspTransport.AUTO, said);
    }

    private static void row(SourceFailure cause, Object source, RtspTransport transport, String said) {
        assertThat(TABLE.put(cause, new Row(source.toString(), transport, said)))
                .as("a second row of " + cause)
                .isNull();
    }

    private static void files() {
        row(FILE_MISSING, folder.resolve("nothing.mp4"), "does not exist: check the path");
        row(
                FILE_NAME_UNREADABLE,
                folder.resolve("vid\uFFFDo.mp4"),
                "does not exist, or its name is not UTF-8: give the file another name");
        row(
                FILE_NAME_NOT_IN_LOCALE,
                "a\0b.mp4",
                "has a name that file names in this locale cannot have (" + System.getProperty("sun.jnu.encoding")
                        + "): start Framecast with LC_ALL=C.UTF-8");
        row(FOLDER, folder, "is a folder: name a file in it");
        row(
                PIPE,
                folder.resolve("socket"),
                "is a pipe or socket: use a file, or send the stream to an address, as in 'ffmpeg ... -f mpegts"
                        + " udp://127.0.0.1:5000' for the source udp://127.0.0.1:5000");
        row(FILE_EMPTY, folder.resolve("empty.mp4"), "is empty: record it again, or check how it was copied");
        row(
                FILE_IS_PLAYLIST,
                folder.resolve("list.m3u8"),
                "is a playlist, whose parts are not opened from a file: give the playlist's address");
    }

    private static void contents() {
        row(
                NOT_A_VIDEO,
                folder.resolve("text.mp4"),
                "is not a video that can be read (Invalid data found when processing input): check it with ffprobe");
        row(TEXT, folder.resolve("notes.txt"), "is not a video but text: check the path");
        row(
                NO_VIDEO_STREAM,
                folder.resolve("sound.wav"),
                "is not a video that can be read (it has no video stream): give one with pictures");
        row(
                NO_PICTURE,
                folder.resolve("none.mkv"),
                "holds no picture: check it with ffprobe, it may have been cut off");
        row(
                WEB_PAGE,
                "http://" + servers.http() + "/page",
                "is not a video that can be read (the server answers with text/html): give the address of the stream"
                        + " itself, not of a page that shows it");
        row(
                PLAYLIST_EMPTY,
                "http://" + servers.http() + "/empty.m3u8",
                "is a playlist that names no segments that can be read: start the stream, or check what writes it");
        row(
                PARTS_WITHOUT_END,
                "http://" + servers.http() + "/parts",
                "is not a video that can be read (its parts have no end): check it with ffprobe");
        row(
                STILL_UNREADABLE,
                "http://" + servers.http() + "/still",
                "gives no picture that can be decoded: look at it in a browser, and have the camera send JPEG or PNG");
        row(
                INDEX_AT_END,
                "http://" + servers.http() + "/film.mov",
                "has its index at its end, and the server sends no ranges: download it first, or move the index with"
                        + " 'ffmpeg -i IN.mp4 -c copy -movflags +faststart OUT.mp4'");
        row(
                CODEC_UNKNOWN,
                "rtsp://" + servers.rtsp() + "/odd",
                "uses a codec that this build cannot decode (one that FFmpeg does not know): use H.264, HEVC or MJPEG");
    }

    private static void devicesAndNetwork() {
        row(
                DEVICE_MISSING,
                "/dev/video97",
                "does not exist: plug the camera in, or see 'framecast doctor' for those there are");
        row(
                DEVICE_NO_CAMERA,
                "/dev/null",
                "is no camera that can be read (Inappropriate ioctl for device): see 'framecast doctor' for the devices"
                        + " there are; of several for one camera, usually the first gives pictures");
        row(HOST_UNKNOWN, "http://no-such-host.invalid/x", "has an unknown host: check its name");
        row(
                REFUSED,
                "rtsp://127.0.0.1:" + RtspServer.freePort() + "/x",
                "refused the connection: check host and port, and whether the camera's service runs");
        row(
                NO_ANSWER,
                "rtsp://" + servers.silent() + "/x",
                "did not answer within 2 s: check host, camera and network, or give more time with --open-timeout");
        row(
                NO_PICTURE_IN_TIME,
                "tcp://" + servers.trickling(),
                "answered, but sent no pictures within 2 s: check that the camera streams, or give more time with"
                        + " --open-timeout");
        row(
                NOTHING_SENT,
                "udp://127.0.0.1:" + RtspServer.freePort(),
                "received nothing within 2 s: check that something sends to this address, and that no firewall stops"
                        + " it");
    }

    private static void answersByStatus() {
        row(
                LOGIN_MISSING,
                "rtsp://" + servers.rtsp() + "/401",
                "wants user and password: give them as scheme://USER:PASSWORD@HOST");
        row(
                LOGIN_REFUSED,
                "http://user:secret@" + servers.http() + "/401",
                "refused user or password: check what stands as scheme://USER:PASSWORD@HOST, and that the camera has"
                        + " not locked the account");
        row(
                FORBIDDEN,
                "http://" + servers.http() + "/403",
                "forbids access (403): let this user, or this machine, see the stream in the camera's settings");
        row(
                NOT_FOUND,
                "rtsp://" + servers.rtsp() + "/404",
                "answered that there is nothing at this path: check the path");
        row(
                TOO_MANY_REQUESTS,
                "http://" + servers.http() + "/429",
                "answered that it is asked too often (429): let fewer programs ask, it is tried again");
        row(
                REQUEST_REFUSED,
                "http://" + servers.http() + "/400",
                "does not take the request (Server returned 400 Bad Request): check path and parameters of the"
                        + " address");
        row(
                SERVER_ERROR,
                "http://" + servers.http() + "/503",
                "answered that it failed itself (5xx): check scheme and port of the address, and the server's own log");
    }

    private static void protocols() {
        row(
                TRANSPORT_REFUSED,
                "rtsp://" + servers.rtsp() + "/461",
                RtspTransport.TCP,
                "does not send by TCP: use --rtsp-transport auto");
        row(
                TRANSPORTS_REFUSED,
                "rtsp://" + servers.rtsp() + "/461?",
                "sends by neither TCP nor UDP: switch one of them on in the camera's settings");
        row(
                TLS_FAILED,
                "https://" + servers.closing() + "/x",
                "does not speak TLS that can be read here: check the port, or use http:// if it is without TLS");
        row(
                OTHER_PROTOCOL,
                "rtsp://" + servers.http() + "/x",
                "does not answer as rtsp does: check scheme, port and path of the address");
        row(
                SRT_NOT_CONNECTED,
                "srt://127.0.0.1:" + RtspServer.freePort() + "?connect_timeout=500",
                "did not answer, or refused: check host and port, and passphrase and streamid in the address");
        row(
                NOT_OPENED,
                "http://" + servers.http() + "/loop",
                "could not be opened (Input/output error): check the address with ffprobe");
    }

    private static void readingAndSecrets() {
        row(SILENT, "rtsp://" + servers.rtsp() + "/quiet", "sent nothing for 2 s: check the camera");
        row(
                SILENT_BY_UDP,
                "rtsp://" + servers.rtsp() + "/quiet?",
                RtspTransport.UDP,
                "sent nothing for 2 s: check the camera, or use --rtsp-transport tcp if a firewall stops UDP");
        row(
                BROKE_OFF,
                "http://" + servers.http() + "/cut.mkv",
                "broke off (Input/output error): check camera and network");
        row(ENDED, "rtsp://" + servers.rtsp() + "/ends", "ended its stream: waiting for it to return");
        row(
                SECRET_MISSING,
                "rtsp://u:{env:FRAMECAST_NO_SUCH}@host/x",
                "needs its secret, but the variable 'FRAMECAST_NO_SUCH' is not set: set it for the process that runs"
                        + " Framecast");
        row(
                SECRET_NO_ADDRESS,
                "{file:" + folder.resolve("secret") + "}",
                "stands for what is no address: write one into it, such as rtsp://HOST/PATH, or use the reference in"
                        + " place of the password only");
    }

    /** What the first failure of a source says, as its status or as an exception where it comes before any status. */
    private static String said(Row row) {
        try {
            var config = CONFIG.toBuilder().transport(row.transport()).build();
            var source = FrameSources.open(SourceSpec.parse("cam=" + row.source()), config);
            var statuses = new CopyOnWriteArrayList<CameraStatus>();
            var unused = source.statuses().subscribe(statuses::add);
            var subscription = source.frames().subscribe(frame -> {}, failure -> {});
            try {
                await().atMost(LIMIT).until(() -> statuses.stream().anyMatch(SourceFailuresTest::tells));
            } finally {
                subscription.dispose();
            }
            return statuses.stream()
                    .filter(SourceFailuresTest::tells)
                    .findFirst()
                    .orElseThrow()
                    .reason();
        } catch (SourceException atOnce) {
            return String.valueOf(atOnce.getMessage());
        }
    }

    private static boolean tells(CameraStatus status) {
        return !status.reason().isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {
                "DEVICE_BUSY",
                "DEVICE_DENIED",
                "UNREACHABLE",
                "PROTOCOL_MISSING",
                "NO_ANSWER_AGAIN",
                "FILE_BROKE_OFF",
                "FILE_DENIED",
                "CODEC_REFUSED"
            })
    void cause_metAsAUserMeetsIt_isToldWithItsOwnWayOut(SourceFailure cause) {
        var row = Objects.requireNonNull(TABLE.get(cause), () -> "a row for " + cause + " is missing");

        assertThat(said(row)).startsWith("source ").endsWith(" " + row.said()).doesNotContain("secret@", "\n");
    }

    /** What Java alone cannot bring about on every machine: FFmpeg's error stands for it. */
    @Test
    void cause_thatNoTestCanBringAbout_isToldWithItsOwnWayOut() {
        var device = SourceLocation.parse("/dev/video97");
        var camera = SourceLocation.parse("rtsp://camera/x");
        var file = SourceLocation.parse("/data/film.mp4");

        assertThat(List.of(
                        opening(device, -16),
                        opening(device, -13),
                        opening(camera, MAC ? -65 : -113),
                        opening(camera, avutil.AVERROR_PROTOCOL_NOT_FOUND()),
                        FfmpegFailure.notAnswering(camera, Duration.ofSeconds(3), true),
                        FfmpegFailure.reading(file, avutil.AVERROR_EIO()),
                        FILE_DENIED.of(file),
                        CODEC_REFUSED.of(camera, "Invalid argument")))
                .extracting(SourceException::getMessage)
                .containsExactly(
                        "source /dev/video97 is in use by another program: close that first",
                        "source /dev/video97 may not be opened by this user: give it to the group of the device, mostly"
                                + " 'video'",
                        "source rtsp://camera/x cannot be reached: check the network",
                        "source rtsp://camera/x needs what this build of FFmpeg lacks (Protocol not found): have the"
                                + " camera send by RTSP or HTTP",
                        "source rtsp://camera/x did not answer within 3 s: check host, camera and network",
                        "source /data/film.mp4 broke off (Input/output error): check the file and its disk",
                        "source /data/film.mp4 may not be opened by this user: let it read the file and enter the"
                                + " folders above",
                        "source rtsp://camera/x cannot be decoded here (Invalid argument): set the camera or recorder"
                                + " to H.264, HEVC or MJPEG");
    }

    private static SourceException opening(SourceLocation location, int error) {
        return FfmpegFailure.opening(location, error, RtspTransport.AUTO);
    }
}
