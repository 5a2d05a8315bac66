package io.framecast.preview.http;

import io.framecast.export.ClipEncoder;
import io.framecast.preview.CameraViews;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.ChannelBindException;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

/** Serves the web page, streams, pictures, health and metrics over HTTP until closed. */
public final class PreviewServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PreviewServer.class);
    private static final Duration CLOSING = Duration.ofMillis(500);
    private static final Duration IDLE = Duration.ofSeconds(60);
    private static final int LONGEST_LINE = 4096;
    private static final int LARGEST_HEADER = 16 * 1024;

    /** Small, so that what a slow viewer has yet to receive is not old. */
    private static final int SEND_BUFFER = 128 * 1024;

    private final Sinks.Empty<Void> closing = Sinks.empty();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Scheduler work = Schedulers.newBoundedElastic(2, 1000, "preview-work", 60, true);

    /** To make a clip or to read an old picture takes a while: nothing else waits for it. */
    private final Scheduler pastWork = Schedulers.newBoundedElastic(2, 32, "preview-past", 60, true);

    private final Scheduler events = Schedulers.newSingle("preview-events", true);
    private final LoopResources loops = LoopResources.create("preview-http", 2, true);
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final DisposableServer server;
    private final Optional<PublicAddress> publicAddress;

    private PreviewServer(HttpConfig config, PreviewRoutes routes, CameraViews views, Optional<CameraControl> control) {
        var live = new LiveRoutes(views, work, events, closing.asMono());
        var handler = new PreviewHandler(config, routes, live, new ControlRoutes(control), work, pastWork);
        publicAddress = config.publicAddress();
        try {
            server = listen(config, handler);
        } catch (ChannelBindException taken) {
            dispose();
            throw cannotListen(config, taken);
        }
    }

    /**
     * Starts to listen, with nothing to show of the past.
     *
     * @param config where
     * @param cameras what to show
     * @param health what {@code /health/ready} says
     * @param prometheusText what {@code /metrics} says, asked for on every scrape
     * @param clips makes {@code forecast.mp4}
     * @throws CannotListenException if the address is taken or can't be bound
     */
    public static PreviewServer start(
            HttpConfig config, CameraViews cameras, Health health, Supplier<String> prometheusText, ClipEncoder clips) {
        return start(config, cameras, health, prometheusText, clips, Optional.empty());
    }

    /**
     * Starts to listen likewise.
     *
     * @param control changes cameras; if it is there, the configuration has a token
     * @throws IllegalArgumentException if it has none
     */
    public static PreviewServer start(
            HttpConfig config,
            CameraViews cameras,
            Health health,
            Supplier<String> prometheusText,
            ClipEncoder clips,
            Optional<CameraControl> control) {
        return start(config, cameras, Past.none(), health, prometheusText, clips, control);
    }

    /**
     * Starts to listen likewise.
     *
     * @param past what to show of the last minutes
     * @param clips makes {@code forecast.mp4} and {@code clip.mp4}
     */
    public static PreviewServer start(
            HttpConfig config,
            CameraViews cameras,
            Past past,
            Health health,
            Supplier<String> prometheusText,
            ClipEncoder clips,
            Optional<CameraControl> control) {
        if (control.isPresent() && config.token().isEmpty()) {
            throw new IllegalArgumentException("cameras may only be changed by clients that show a token: give one");
        }
        return new PreviewServer(
                config, new PreviewRoutes(cameras, past, health, prometheusText, clips), cameras, control);
    }

    /** An address with the port that is really bound, which opens the page on this machine; without a token. */
    public URI address() {
        var reachable = ReachableAddresses.of((InetSocketAddress) server.address());
        return reachable.get(reachable.size() - 1);
    }

    /** Where people open the page, the best first: the public address, those of this machine, loopback. */
    public List<URI> addresses() {
        return Stream.concat(
                        publicAddress.map(PublicAddress::url).stream(),
                        ReachableAddresses.of((InetSocketAddress) server.address()).stream())
                .toList();
    }

    /** Ends all streams and closes the port; takes a second or two at most. A second call does nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            server.dispose();
            endStreams();
            connections.close().awaitUninterruptibly(CLOSING.toMillis());
            dispose();
        }
    }

    private void endStreams() {
        try {
            closing.tryEmitEmpty();
        } catch (IllegalStateException left) { // Netty's, of a viewer who leaves at this moment; the others are cut off
            log.debug("a stream had no end", left);
        }
    }

    private void dispose() {
        loops.disposeLater(Duration.ZERO, CLOSING).block(CLOSING.multipliedBy(2));
        work.dispose();
        pastWork.dispose();
        events.dispose();
    }

    private DisposableServer listen(HttpConfig config, PreviewHandler handler) {
        return HttpServer.create()
                .host(config.host())
                .port(config.port())
                .runOn(loops)
                .channelGroup(connections)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.SO_SNDBUF, SEND_BUFFER)
                .idleTimeout(IDLE)
                .requestTimeout(IDLE)
                .httpRequestDecoder(
                        limits -> limits.maxInitialLineLength(LONGEST_LINE).maxHeaderSize(LARGEST_HEADER))
                .handle(handler)
                .bindNow();
    }

    private static CannotListenException cannotListen(HttpConfig config, ChannelBindException failure) {
        var reason = failure.getCause() == null
                ? failure.getMessage()
                : failure.getCause().getMessage();
        return new CannotListenException(
                "cannot listen on " + config.host() + ":" + config.port() + " (" + reason
                        + "): choose another with --port, 0 for any free one",
                failure);
    }
}
