package io.framecast.preview.http;

import io.framecast.frame.CameraId;
import io.framecast.preview.CameraViews;
import io.framecast.preview.View;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.FutureMono;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/** The answers that have no end: MJPEG streams and the page's events. All end when the server closes. */
final class LiveRoutes {
    /** How many endless answers are given at once; more are refused. */
    static final int MOST_VIEWERS = 256;

    private static final String BOUNDARY = "framecast";
    private static final String CLOSING_REASON = "the server is closing";
    private static final int GOING_AWAY = 1001;

    /** A page asks at least this often, also while hidden; without that it is gone. */
    private static final Duration SILENT_PAGE = Duration.ofSeconds(150);

    private static final WebsocketServerSpec EVENTS =
            WebsocketServerSpec.builder().maxFramePayloadLength(1024).build();

    private final Viewers viewers = new Viewers(MOST_VIEWERS);
    private final EventSections sections = new EventSections();
    private final CameraViews views;
    private final PictureStreams streams;
    private final Scheduler events;
    private final Mono<Void> closing;

    LiveRoutes(CameraViews views, Scheduler encoding, Scheduler events, Mono<Void> closing) {
        this.views = views;
        this.streams = new PictureStreams(views, encoding);
        this.events = events;
        this.closing = closing;
    }

    /** A seat for one more endless answer, if there is room. */
    Optional<Viewers.Seat> enter() {
        return viewers.enter();
    }

    /** Pictures one after the other. One at a time is under way, so a slow viewer skips. */
    Publisher<Void> mjpeg(CameraId camera, View view, HttpServerResponse response, Viewers.Seat seat) {
        announceMjpeg(response);
        return Mono.defer(() -> {
                    var parts = Flux.concat(
                            Mono.just(ascii("--" + BOUNDARY + "\r\n")),
                            streams.watch(camera, view).map(LiveRoutes::part));
                    var channel = channel(response);
                    var sent = parts.takeUntilOther(closing)
                            .concatMap(part -> write(channel, part), 0)
                            .then();
                    return Mono.from(response.sendHeaders().then(sent));
                })
                .doFinally(end -> seat.leave());
    }

    /** The head of a stream alone, which is all that a HEAD request gets. */
    Publisher<Void> mjpegHead(HttpServerResponse response) {
        announceMjpeg(response);
        return response.send();
    }

    /** HTTP/1.0 knows no chunks: there the end of the connection is that of the stream. */
    private static void announceMjpeg(HttpServerResponse response) {
        if (response.version().equals(HttpVersion.HTTP_1_0)) {
            response.chunkedTransfer(false).keepAlive(false);
        }
        response.header(HttpHeaderNames.CONTENT_TYPE, "multipart/x-mixed-replace; boundary=" + BOUNDARY)
                .header("X-Accel-Buffering", "no"); // nginx then passes each picture on at once
    }

    /** A message for every one that the page sends. The seat is left with the connection, not with the handshake. */
    Publisher<Void> events(HttpServerResponse response, Viewers.Seat seat) {
        return Mono.defer(() -> Mono.from(response.sendWebsocket(
                        (page, out) -> Mono.from(serve(page, out)).doFinally(end -> seat.leave()), EVENTS)))
                .doOnError(failed -> seat.leave())
                .doOnCancel(seat::leave);
    }

    private Publisher<Void> serve(WebsocketInbound page, WebsocketOutbound out) {
        var feed = new EventFeed(views, sections, events);
        return page.receive()
                .timeout(SILENT_PAGE)
                .onBackpressureLatest()
                .takeUntilOther(closing)
                .concatMap(asked -> feed.next().takeUntilOther(closing).flatMap(message -> send(out, message)), 0)
                .then(Mono.defer(
                        () -> out.sendClose(GOING_AWAY, CLOSING_REASON))); // its frame holds memory until it is sent
    }

    private static Mono<Void> send(WebsocketOutbound out, List<byte[]> message) {
        var sections = Unpooled.wrappedBuffer(message.toArray(byte[][]::new));
        return out.sendObject(new BinaryWebSocketFrame(sections)).then();
    }

    /** Done when the part has left for the network; a stream's own send would take in many parts ahead. */
    private static Mono<Void> write(Channel channel, ByteBuf part) {
        return FutureMono.deferFuture(() -> channel.writeAndFlush(new DefaultHttpContent(part)));
    }

    private static Channel channel(HttpServerResponse response) {
        var channel = new AtomicReference<Channel>();
        response.withConnection(connection -> channel.set(connection.channel()));
        return Objects.requireNonNull(channel.get(), "a response has a connection");
    }

    /** A part with the boundary after it, so that viewers show it at once rather than when the next one comes. */
    private static ByteBuf part(byte[] jpeg) {
        var head = ascii("Content-Type: image/jpeg\r\nContent-Length: " + jpeg.length + "\r\n\r\n");
        return Unpooled.wrappedBuffer(head, Unpooled.wrappedBuffer(jpeg), ascii("\r\n--" + BOUNDARY + "\r\n"));
    }

    private static ByteBuf ascii(String text) {
        return Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.US_ASCII));
    }
}
