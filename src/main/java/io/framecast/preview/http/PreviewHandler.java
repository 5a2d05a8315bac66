package io.framecast.preview.http;

import io.framecast.frame.Ticker;
import io.framecast.preview.CameraView;
import io.framecast.preview.View;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiFunction;
import java.util.function.Function;
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

    /** The only version of the protocol that there is outside of drafts. */
    private static final String WEBSOCKET_VERSION = "13";

    private final PartialDownloads downloads = new PartialDownloads(Ticker.system());
    private final Map<String, String> safeHeaders;
    private final AccessGuard guard;
    private final PreviewRoutes routes;
    private final LiveRoutes live;
    private final ControlRoutes control;
    private final Scheduler work;
    private final Scheduler pastWork;

    /**
     * Passes requests on.
     *
     * @param work where whole answers are made
     * @param pastWork where clips are made and old pictures read
     */
    PreviewHandler(
            HttpConfig config,
            PreviewRoutes routes,
            LiveRoutes live,
            ControlRoutes control,
            Scheduler work,
            Scheduler pastWork) {
        safeHeaders = safeHeaders(config.framing());
        guard = new AccessGuard(config);
        this.routes = routes;
        this.live = live;
        this.control = control;
        this.work = work;
        this.pastWork = pastWork;
    }

    private static Map<String, String> safeHeaders(Framing framing) {
        var headers = new HashMap<>(Map.of(
                "Cache-Control",
                "no-store",
                "Content-Security-Policy",
                "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors " + framing.ancestors(),
                "Referrer-Policy",
                "no-referrer",
                "X-Content-Type-Options",
                "nosniff"));
        if (!framing.isAllowed()) {
            headers.put("X-Frame-Options", "DENY"); // of older browsers; it cannot name the pages that may
        }
        return Map.copyOf(headers);
    }

    @Override
    public Publisher<Void> apply(HttpServerRequest request, HttpServerResponse response) {
        safeHeaders.forEach(response::header);
        var query = new QueryStringDecoder(request.uri());
        try {
            if (ControlRoutes.has(query.path())) {
                return control(request, response, query);
            }
            if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
                response.header(HttpHeaderNames.ALLOW, "GET, HEAD");
                return send(request, response, Reply.error(405, "only GET and HEAD are answered"));
            }
            return route(request, response, query);
        } catch (IllegalArgumentException malformed) {
            return send(request, response, Reply.error(400, "the address is malformed"));
        }
    }

    private Publisher<Void> control(HttpServerRequest request, HttpServerResponse response, QueryStringDecoder query) {
        var refusal = guard.refuse(request, query);
        if (refusal.isPresent()) {
            return send(request, response, refusal.get());
        }
        return control.answer(request, query)
                .onErrorResume(failure -> Mono.just(failed(query, failure)))
                .flatMap(reply -> Mono.from(send(request, response, reply)));
    }

    private Publisher<Void> route(HttpServerRequest request, HttpServerResponse response, QueryStringDecoder query) {
        boolean hasToken = AccessGuard.hasTokenInAddress(query); // here, where a malformed query is answered
        if (!query.path().startsWith("/health/")) {
            var refusal = guard.refuse(request, query);
            if (refusal.isPresent()) {
                return send(request, response, refusal.get());
            }
            guard.cookie(request, query).ifPresent(response::addCookie);
        }
        if (query.path().equals("/events")) {
            return events(request, response);
        }
        if (query.path().endsWith("/preview.mjpg")) {
            return mjpeg(request, response, query);
        }
        if (query.path().equals("/ticket")) {
            return send(request, response, Reply.json(200, CameraJson.ticket(guard.ticket(), control.isAllowed())));
        }
        return Mono.fromCallable(() -> answer(request, query, hasToken))
                .subscribeOn(PastRoutes.isSlow(query.path()) ? pastWork : work)
                .onErrorResume(
                        RejectedExecutionException.class,
                        busy -> Mono.just(Reply.error(503, "too many look back at once: try again in some seconds")
                                .with(HttpHeaderNames.RETRY_AFTER, "10")))
                .onErrorResume(failure -> Mono.just(failed(query, failure)))
                .flatMap(reply -> Mono.from(send(request, response, reply)));
    }

    /** By the client's conditions. What it asked for with the token in the address is not kept under that address. */
    private Reply answer(HttpServerRequest request, QueryStringDecoder query, boolean hasToken) {
        var whole = routes.answer(query);
        var conditions = Conditions.of(request);
        var reply =
                conditions.answer(conditions.wantsPart() ? downloads.choose(query.uri(), conditions, whole) : whole);
        return hasToken ? reply.with(HttpHeaderNames.CACHE_CONTROL, "no-store") : reply;
    }

    private Publisher<Void> events(HttpServerRequest request, HttpServerResponse response) {
        var headers = request.requestHeaders();
        if (!headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
                || !headers.contains(HttpHeaderNames.SEC_WEBSOCKET_VERSION, WEBSOCKET_VERSION, true)
                || !headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY)
                || !request.method().equals(HttpMethod.GET)) {
            response.header(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
                    .header(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                    .header(HttpHeaderNames.SEC_WEBSOCKET_VERSION, WEBSOCKET_VERSION);
            return send(request, response, Reply.error(426, "events come over a WebSocket"));
        }
        return endless(request, response, seat -> live.events(response, seat));
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
        return request.method().equals(HttpMethod.HEAD)
                ? live.mjpegHead(response)
                : endless(request, response, seat -> live.mjpeg(camera.get(), view.get(), response, seat));
    }

    private Publisher<Void> endless(
            HttpServerRequest request, HttpServerResponse response, Function<Viewers.Seat, Publisher<Void>> answer) {
        var seat = live.enter();
        if (seat.isEmpty()) {
            response.header(HttpHeaderNames.RETRY_AFTER, "10");
            return send(request, response, Reply.error(503, LiveRoutes.MOST_VIEWERS + " viewers are here already"));
        }
        return answer.apply(seat.get());
    }

    private static Reply failed(QueryStringDecoder query, Throwable failure) {
        LOG.warn("no answer to {}: {}", query.path(), failure.toString());
        return Reply.error(500, "the answer could not be made");
    }

    private static Publisher<Void> send(HttpServerRequest request, HttpServerResponse response, Reply reply) {
        response.status(reply.status());
        reply.headers().forEach(response::header);
        if (reply.status() == HttpResponseStatus.NOT_MODIFIED.code()) {
            return response.send();
        }
        response.header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(reply.body().length));
        return request.method().equals(HttpMethod.HEAD)
                ? response.send()
                : response.send(Mono.just(Unpooled.wrappedBuffer(reply.body())));
    }
}
