package io.framecast.source.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.framecast.frame.CameraState;
import io.framecast.frame.CameraStatus;
import io.framecast.frame.Frame;
import io.framecast.source.Pace;
import io.framecast.source.RtspServer;
import io.framecast.source.SourceConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sources as people attach them, made by Debian's ffmpeg and GStreamer and read from real servers. */
@Tag("system")
class FieldSourcesIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String H264 = "-c:v libx264 -preset ultrafast -tune zerolatency -g 25 ";
    private static final String CAMERA =
            "videotestsrc is-live=1 pattern=ball ! video/x-raw,width=320,height=240,framerate=25/1"
                    + " ! x264enc tune=zerolatency key-int-max=25 ! ";

    @TempDir
    Path folder;

    private final List<Process> processes = new ArrayList<>();
    private final List<Watched> watched = new ArrayList<>();

    @AfterEach
    void end() throws InterruptedException {
        watched.forEach(seen -> seen.subscription.dispose());
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }

    private Process start(List<String> command, Path output) {
        try {
            var process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            processes.add(process);
            return process;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Process ffmpeg(String arguments) {
        var command = new ArrayList<>(List.of("ffmpeg", "-v", "error", "-y"));
        Pattern.compile(" +")
                .splitAsStream(arguments.trim())
                .map(argument -> argument.replace("_v:", " v:"))
                .forEach(command::add);
        return start(command, folder.resolve("ffmpeg-" + processes.size() + ".log"));
    }

    /** A web server of the folder: no ranges, no types that it does not know. */
    private String web() {
        int port = RtspServer.freePort();
        start(
                List.of("python3", "-m", "http.server", "--bind", "127.0.0.1", String.valueOf(port)),
                folder.resolve("web.log"));
        await().atMost(LIMIT).until(() -> accepts(port));
        return "http://127.0.0.1:" + port + "/";
    }

    private static boolean accepts(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private String rtsp(String transport, String line) throws IOException {
        int port = RtspServer.freePort();
        var process = new ProcessBuilder(
                        "/usr/bin/python3",
                        Path.of("src", "test", "resources", "rtsp_launch.py").toString(),
                        String.valueOf(port),
                        transport,
                        "( " + line + " )")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        processes.add(process);
        var output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        assertThat(output.readLine()).isEqualTo("ready");
        return "rtsp://127.0.0.1:" + port + "/live";
    }

    private Watched watch(String source) {
        var seen = Watched.open(source, SourceConfig.defaults());
        watched.add(seen);
        return seen;
    }

    /** So many frames come, in one epoch, ten a second by their own time, no picture twice. */
    private static void isLive(Watched seen, int count) {
        await().atMost(LIMIT).until(() -> seen.frames.size() >= count);
        var frames = List.copyOf(seen.frames).subList(0, count);
        assertThat(frames.stream().map(Frame::epoch).distinct()).hasSize(1);
        assertThat(frames).extracting(Frame::sequence).isSorted().doesNotHaveDuplicates();
        assertThat(frames.stream()
                        .map(frame -> Arrays.hashCode(frame.pixels().toByteArray()))
                        .distinct())
                .as("different pictures")
                .hasSizeGreaterThan(count * 9 / 10);
        var first = frames.get(1).time().pts().orElseThrow(); // RTSP gives the first picture none
        var last = frames.get(count - 1).time().pts().orElseThrow();
        assertThat((last - first) / (count - 2))
                .as("microseconds between frames")
                .isBetween(98_000L, 102_000L);
    }

    private static void neverReconnected(Watched seen) {
        assertThat(seen.statuses)
                .extracting(CameraStatus::state)
                .containsExactly(CameraState.CONNECTING, CameraState.LIVE);
    }

    @Test
    void livePlaylist_isPacedByItsTimestamps_inOneEpoch() {
        ffmpeg("-re -f lavfi -i testsrc2=s=320x240:r=25 " + H264
                + "-f hls -hls_time 4 -hls_list_size 5 -hls_flags delete_segments live.m3u8");
        var address = web();
        await().atMost(LIMIT).until(() -> Files.exists(folder.resolve("live2.ts")));

        var seen = watch(address + "live.m3u8");
        isLive(seen, 120);
        neverReconnected(seen);
    }

    @Test
    void playlistOfThreeQualities_fetchesTheLeastThatIsLargeEnough() throws IOException {
        ffmpeg("-re -f lavfi -i testsrc2=s=640x480:r=25 -map 0:v -map 0:v -map 0:v " + H264
                + "-b:v:0 800k -b:v:1 300k -b:v:2 100k -s:v:0 640x480 -s:v:1 320x240 -s:v:2 160x120 -f hls -hls_time 2"
                + " -hls_list_size 5 -master_pl_name master.m3u8 -var_stream_map v:0,name:big_v:1,name:mid_v:2,name:small"
                + " v%v.m3u8");
        var address = web();
        await().atMost(LIMIT).until(() -> Files.exists(folder.resolve("vsmall3.ts")));
        var seen = watch(address + "master.m3u8");
        isLive(seen, 60);
        neverReconnected(seen);

        var asked = Files.readString(folder.resolve("web.log"));
        assertThat(count(asked, "GET /vsmall")).isGreaterThan(4);
        assertThat(count(asked, "GET /vbig[0-9]+.ts"))
                .as("the first is looked at")
                .isLessThan(3);
    }

    private static long count(String text, String pattern) {
        return Pattern.compile(pattern).matcher(text).results().count();
    }

    @Test
    void liveDash_isLive() {
        ffmpeg("-re -f lavfi -i testsrc2=s=160x120:r=25 " + H264
                + "-f dash -seg_duration 2 -window_size 6 -streaming 1 d.mpd");
        var address = web();
        await().atMost(LIMIT).until(() -> Files.exists(folder.resolve("chunk-stream0-00003.m4s")));

        var seen = watch(address + "d.mpd");
        isLive(seen, 60);
        neverReconnected(seen);
    }

    @ParameterizedTest
    @ValueSource(strings = {"239.255.7.7", "127.0.0.1"})
    void transportStreamInDatagrams_isLive(String host) {
        int port = RtspServer.freePort();
        ffmpeg("-re -f lavfi -i testsrc2=s=160x120:r=25 " + H264 + "-f mpegts udp://" + host + ":" + port
                + "?ttl=0&pkt_size=1316");

        isLive(watch("udp://" + host + ":" + port), 60);
    }

    @Test
    void transportStreamOverTcp_isLive() {
        int port = RtspServer.freePort();
        ffmpeg("-re -f lavfi -i testsrc2=s=160x120:r=25 " + H264 + "-f mpegts tcp://127.0.0.1:" + port + "?listen=1");
        isLive(watch("tcp://127.0.0.1:" + port), 60); // refused until ffmpeg listens
    }

    @ParameterizedTest
    @CsvSource({
        "UDP, rtph264pay name=pay0 config-interval=1",
        "TCP, rtph264pay name=pay0 config-interval=1",
        "TCP, mpegtsmux ! rtpmp2tpay pt=33 name=pay0",
    })
    void rtspByOneTransportOnly_orWithATransportStreamInIt_isLive(String transport, String payload) throws IOException {
        var seen = watch(rtsp(transport, CAMERA + payload));
        isLive(seen, 60);
        neverReconnected(seen);
    }

    @Test
    void downloadWithoutADuration_isPlayedOnce_andEnds() throws InterruptedException {
        assertThat(ffmpeg("-f lavfi -i testsrc2=s=160x120:r=30:d=6 -c:v libvpx -f webm -live 1 rec.webm")
                        .waitFor())
                .isZero();
        var seen = watch(web() + "rec.webm");

        await().atMost(LIMIT).until(() -> seen.status().state() == CameraState.ENDED);
        assertThat(seen.frames).hasSize(60);
        assertThat(seen.frames.stream().map(Frame::epoch).distinct()).hasSize(1);
    }

    @Test
    void timeLapse_isOneEpoch() throws InterruptedException {
        assertThat(ffmpeg("-f lavfi -i testsrc2=s=160x120:r=1/5 -t 600 slow.mp4")
                        .waitFor())
                .isZero();
        var seen = Watched.open(
                folder.resolve("slow.mp4").toString(), SourceConfig.defaults().withPace(Pace.MAX));
        watched.add(seen);

        await().atMost(LIMIT).until(() -> seen.status().state() == CameraState.ENDED);
        assertThat(seen.frames).hasSize(120);
        assertThat(seen.frames.stream().map(Frame::epoch).distinct()).hasSize(1);
    }

    @Test
    void pipe_isRefusedInALine_alsoIfNobodyWritesToIt() throws IOException, InterruptedException {
        var fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        var seen = watch(fifo.toString());

        await().atMost(LIMIT).until(() -> seen.status().state() == CameraState.FAILED);
        assertThat(seen.status().reason()).contains("is a pipe").contains("udp://");
    }

    @Test
    void fileBelowDev_isAFile() throws IOException, InterruptedException {
        assertThat(ffmpeg("-f lavfi -i testsrc2=s=160x120:r=10:d=3 " + H264 + "clip.mp4")
                        .waitFor())
                .isZero();
        var there = Files.copy(
                folder.resolve("clip.mp4"),
                Path.of("/dev/shm", "framecast-" + ProcessHandle.current().pid() + ".mp4"));
        try {
            var seen = watch(there.toString());
            await().atMost(LIMIT).until(() -> seen.status().state() == CameraState.ENDED);
            assertThat(seen.frames).hasSize(30);
        } finally {
            Files.delete(there);
        }
    }
}
