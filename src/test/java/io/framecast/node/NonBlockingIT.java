package io.framecast.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.framecast.model.engine.EngineConfig;
import io.framecast.model.engine.Precision;
import io.framecast.predict.BatchConfig;
import io.framecast.preview.http.HttpConfig;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceSpec;
import io.framecast.source.ffmpeg.TestVideos;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.blockhound.BlockHound;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A whole run with viewers, under BlockHound: no thread of Reactor's or Netty's that must not block does. It changes
 * the Java machine it runs in, so it has one of its own (see the pom).
 */
@Tag("blockhound")
class NonBlockingIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final List<String> blocked = new CopyOnWriteArrayList<>();

    @Test
    void run_withViewers_blocksNoThreadThatMustNot() throws Exception {
        BlockHound.builder()
                .loadIntegrations()
                .with(NonBlockingIT::allowTheAllocatorsLocks)
                .blockingMethodCallback(
                        method -> blocked.add(Thread.currentThread().getName() + ": " + method + stack()))
                .install();
        requireThatBlockingIsSeen();
        TestVideos.write(folder.resolve("clip.mkv"), 96, 64, 100, 10);
        var lines = new CopyOnWriteArrayList<String>();
        var node = new Node(config(), lines::add);
        var running = CompletableFuture.supplyAsync(node::run);
        await().atMost(SOON).until(() -> lines.stream().anyMatch(line -> line.startsWith("forecast ")));
        URI page = lines.stream()
                .filter(line -> line.startsWith("preview "))
                .map(line -> URI.create(line.substring("preview ".length()).strip()))
                .findFirst()
                .orElseThrow();
        visit(page);
        node.stop();
        assertThat(running.get(SOON.toSeconds(), TimeUnit.SECONDS).cameras()).hasSize(3);
        assertThat(blocked).isEmpty();
    }

    /**
     * Netty's allocator guards its own books with a lock, held for some moves in memory when it opens another magazine
     * and gives the old ones back. Netty's integration allows the other locks of its allocators and lacks these two.
     */
    private static void allowTheAllocatorsLocks(BlockHound.Builder builder) {
        String allocator = "io.netty.buffer.AdaptivePoolingAllocator";
        builder.allowBlockingCallsInside(allocator + "$Magazine", "free")
                .allowBlockingCallsInside(allocator + "$MagazineGroup", "free");
    }

    /**
     * A watchman who sleeps would pass everything. The call blocks however late it comes: a wait for a moment that has
     * passed already would not.
     */
    private void requireThatBlockingIsSeen() {
        Mono.fromRunnable(NonBlockingIT::sleep)
                .subscribeOn(Schedulers.parallel())
                .block(SOON);
        assertThat(blocked).isNotEmpty().allMatch(line -> line.startsWith("parallel-"));
        blocked.clear();
    }

    private static void sleep() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private NodeConfig config() {
        var broker = new BrokerConfig(
                Optional.empty(), 0, "framecast", Map.of(), Optional.empty(), folder.resolve("data"), false);
        var capture = CaptureConfig.of(
                SourceSpec.parseAll(List.of("test:shapes", "test:street", "clip=" + folder.resolve("clip.mkv"))),
                SourceConfig.defaults());
        var predict = new PredictConfig(
                Path.of("models"), "flow-fade", EngineConfig.cpu(), Precision.AUTO, 2, BatchConfig.defaults(), "");
        var preview = new PreviewConfig(new HttpConfig("127.0.0.1", 0, Optional.empty()), true, false);
        return new NodeConfig(
                broker, Optional.of(capture), Optional.of(predict), true, Optional.of(preview), Optional.empty());
    }

    private static void visit(URI page) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        var events = new AtomicInteger();
        WebSocket socket = client.newWebSocketBuilder()
                .buildAsync(URI.create("ws" + page.toString().substring("http".length()) + "events"), counting(events))
                .get(SOON.toSeconds(), TimeUnit.SECONDS);
        for (int round = 0; round < 5; round++) {
            for (String path : List.of(
                    "",
                    "app.js",
                    "cameras",
                    "cameras/shapes/live.png",
                    "cameras/shapes/forecast.png?layout=row",
                    "cameras/shapes/forecast.json",
                    "metrics",
                    "health/live",
                    "health/ready",
                    "nothing",
                    "cameras/nobody/forecast.png")) {
                var request = HttpRequest.newBuilder(page.resolve("/" + path)).build();
                int status = client.send(request, BodyHandlers.discarding()).statusCode();
                assertThat(status).as(path).isEqualTo(path.startsWith("no") || path.contains("nobody") ? 404 : 200);
            }
            try (InputStream stream =
                    page.resolve("/cameras/street/preview.mjpg").toURL().openStream()) {
                assertThat(stream.readNBytes(50_000)).hasSize(50_000);
            }
        }
        await().atMost(SOON).until(() -> events.get() > 20);
        socket.abort();
    }

    /** Asks for the next message whenever one has come, as the page does. */
    private static WebSocket.Listener counting(AtomicInteger events) {
        return new WebSocket.Listener() {
            @Override
            public void onOpen(WebSocket socket) {
                socket.request(1);
                var unused = socket.sendText("next", true);
            }

            @Override
            public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer message, boolean last) {
                socket.request(1);
                if (last) {
                    events.incrementAndGet();
                    var unused = socket.sendText("next", true);
                }
                return null;
            }
        };
    }

    private static String stack() {
        return Arrays.stream(new Throwable().getStackTrace())
                .skip(3)
                .limit(25)
                .map(frame -> "\n    at " + frame)
                .collect(Collectors.joining());
    }
}
