package io.framecast.preview.http;

import io.framecast.frame.CameraId;
import io.framecast.preview.CameraView;
import io.framecast.preview.View;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** Takes every request: guards it, and passes it to the streams or the whole answers. */
final class PreviewHandler implements BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> {
    private static final Logger LOG = LoggerFactory.getLogger(PreviewHandler.class);
    private static final Map<String, String> SAFE_HEADERS = Map.of(
            "Cache-Control", "no-store",
            "Content-Security-Policy",
                    "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "Referrer-Policy", "no-referrer",
            "X-Content-Type-Options", "nosniff",
            "X-Frame-Options", "DENY");

    private final AccessGuard guard;
    private final PreviewRoutes routes;
    private final LiveRoutes live;
    private final Scheduler work;

    /** @param work where whole answers are made */
    PreviewHandler(AccessGuard guard, PreviewRoutes routes, LiveRoutes live, Scheduler work) {
        this.guard = guard;
        this.routes = routes;
        this.live = live;
        this.work = work;
    }

    @Override
    public Publisher<Void> apply(HttpServerRequest request, HttpServerResponse response) {
        SAFE_HEADERS.forEach(response::header);
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            response.header(HttpHeaderNames.ALLOW, "GET, HEAD");
            return send(request, response, Reply.error(405, "only GET and HEAD are answered"));
        }
        var query = new QueryStringDecoder(request.uri());
        try {
            return route(request, response, query);
        } catch (IllegalArgumentException malformed) {
            return send(request, response, Reply.error(400, "the address is malformed"));
        }
    }

    private Publisher<Void> route(HttpServerRequest request, HttpServerResponse response, QueryStringDecoder query) {
        if (!query.path().startsWith("/health/")) {
            var refusal = guard.refuse(request, query);
            if (refusal.isPresent()) {
                return send(request, response, refusal.get());
            }
            guard.cookie(query).ifPresent(response::addCookie);
        }
        if (query.path().equals("/events")) {
            return events(request, response);
        }
        if (query.path().endsWith("/preview.mjpg")) {
            return mjpeg(request, response, query);
        }
        return Mono.fromCallable(() -> routes.answer(query))
                .subscribeOn(work)
                .onErrorResume(failure -> Mono.just(failed(query, failure)))
                .flatMap(reply -> Mono.from(send(request, response, reply)));
    }

    private Publisher<Void> events(HttpServerRequest request, HttpServerResponse response) {
        if (!request.requestHeaders().containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)) {
            return send(request, response, Reply.error(426, "events come over a WebSocket"));
        }
        return endless(request, response, () -> live.events(response));
    }

    private Publisher<Void> mjpeg(HttpServerRequest request, HttpServerResponse response, QueryStringDecoder query) {
        var camera = routes.camera(query.path()).map(CameraView::camera);
        if (camera.isEmpty()) {
            return send(request, response, Reply.error(404, "there is no such camera"));
        }
        var view = View.named(PreviewRoutes.option(query, "view").orElse(View.SIDE.word()));
        if (view.isEmpty()) {
            return send(
                    request,
                    response,
                    Reply.error(400, "view is unknown: use overlay, side, difference, live or forecast"));
        }
        return stream(request, response, camera.get(), view.get());
    }

    private Publisher<Void> stream(HttpServerRequest request, HttpServerResponse response, CameraId camera, View view) {
        return endless(request, response, () -> live.mjpeg(camera, view, response));
    }

    private Publisher<Void> endless(
            HttpServerRequest request, HttpServerResponse response, Supplier<Publisher<Void>> answer) {
        if (!live.enter()) {
            response.header(HttpHeaderNames.RETRY_AFTER, "10");
            return send(request, response, Reply.error(503, LiveRoutes.MOST_VIEWERS + " viewers are here already"));
        }
        return Mono.from(answer.get()).doFinally(end -> live.leave());
    }

    private static Reply failed(QueryStringDecoder query, Throwable failure) {
        LOG.warn("no answer to {}: {}", query.path(), failure.toString());
        return Reply.error(500, "the answer could not be made");
    }

    private static Publisher<Void> send(HttpServerRequest request, HttpServerResponse response, Reply reply) {
        response.status(reply.status())
                .header(HttpHeaderNames.CONTENT_TYPE, reply.type())
                .header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(reply.body().length));
        return request.method().equals(HttpMethod.HEAD)
                ? response.send()
                : response.send(Mono.just(Unpooled.wrappedBuffer(reply.body())));
    }
}
