package io.framecast.preview.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.framecast.frame.CameraId;
import io.framecast.preview.http.CameraControl.Camera;
import io.framecast.preview.http.CameraControl.RefusedException;
import io.framecast.preview.http.CameraControl.Wish;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServerRequest;

/**
 * What changes cameras: {@code /api/cameras} and {@code /api/picture}. Bodies and answers are JSON; a password is taken
 * and never given.
 */
final class ControlRoutes {
    private static final String ROOT = "/api/cameras";
    private static final String PICTURE = "/api/picture";
    private static final int LARGEST_BODY = 16 * 1024;
    private static final Set<String> KEYS = Set.of("id", "source", "settings", "paused");
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private final Optional<CameraControl> control;

    /** @param control changes cameras; empty if they may not be changed here */
    ControlRoutes(Optional<CameraControl> control) {
        this.control = control;
    }

    /** Whether a path is one of these. */
    static boolean has(String path) {
        return path.equals(ROOT) || path.startsWith(ROOT + "/") || path.equals(PICTURE);
    }

    /** Whether cameras may be changed here. */
    boolean isAllowed() {
        return control.isPresent();
    }

    /** The answer to a request that may be answered. */
    Mono<Reply> answer(HttpServerRequest request, QueryStringDecoder query) {
        if (control.isEmpty()) {
            return Mono.just(Reply.error(404, "cameras cannot be changed here: start with --change-cameras"));
        }
        var type = request.requestHeaders().get(HttpHeaderNames.CONTENT_TYPE, "");
        var hasBody =
                request.method().equals(HttpMethod.POST) || request.method().equals(HttpMethod.PUT);
        // Forms of other sites cannot have this type.
        if (hasBody && !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
            return Mono.just(Reply.error(415, "send JSON, with Content-Type: application/json"));
        }
        return (hasBody ? body(request) : Mono.just(new byte[0]))
                .publishOn(Schedulers.boundedElastic())
                .map(body -> answer(control.get(), request, query.path(), body))
                .onErrorResume(
                        RefusedException.class,
                        refused -> Mono.just(Reply.error(refused.status(), String.valueOf(refused.getMessage()))));
    }

    private static Mono<byte[]> body(HttpServerRequest request) {
        return request.receive()
                .asByteArray()
                .reduceWith(ByteArrayOutputStream::new, (all, part) -> {
                    if (all.size() + part.length > LARGEST_BODY) {
                        throw new RefusedException(413, "the body is larger than " + LARGEST_BODY + " bytes");
                    }
                    all.writeBytes(part);
                    return all;
                })
                .map(ByteArrayOutputStream::toByteArray);
    }

    /** Who asks: the address it came from, and behind a proxy what that says, which anybody could write. */
    private static String client(HttpServerRequest request) {
        var peer = Optional.ofNullable(request.remoteAddress())
                .map(InetSocketAddress::getHostString)
                .orElse("somebody");
        var forwarded = request.requestHeaders().get("X-Forwarded-For", "");
        return forwarded.matches("[0-9A-Fa-f.:, ]{1,200}") ? peer + " for " + forwarded : peer;
    }

    private static Reply answer(CameraControl control, HttpServerRequest request, String path, byte[] body) {
        var parts = path.split("/", -1); // "", "api", "cameras" and what follows
        var method = request.method().name();
        var client = client(request);
        if (path.equals(PICTURE)) {
            return method.equals("POST") ? picture(control, body, client) : notAllowed("POST");
        }
        if (parts.length == 3) {
            return switch (method) {
                case "GET", "HEAD" -> Reply.json(200, cameras(control.cameras()));
                case "POST" -> add(control, body, client);
                default -> notAllowed("GET, HEAD, POST");
            };
        }
        if (parts.length != 4) {
            return Reply.error(404, "there is nothing here");
        }
        var camera = id(parts[3]);
        return switch (method) {
            case "GET", "HEAD" -> find(control, camera);
            case "PUT" -> Reply.json(200, camera(control.put(camera, wish(tree(body)), client)));
            case "DELETE" -> {
                control.remove(camera, client);
                yield Reply.json(200, JsonNodeFactory.instance.objectNode().put("removed", camera.value()));
            }
            default -> notAllowed("GET, HEAD, PUT, DELETE");
        };
    }

    private static Reply notAllowed(String methods) {
        return Reply.error(405, "what is answered here: " + methods).with(HttpHeaderNames.ALLOW, methods);
    }

    private static Reply find(CameraControl control, CameraId camera) {
        return control.cameras().stream()
                .filter(known -> known.camera().equals(camera))
                .findFirst()
                .map(known -> Reply.json(200, camera(known)))
                .orElseGet(() -> Reply.error(404, "there is no camera '" + camera + "'"));
    }

    private static Reply add(CameraControl control, byte[] body, String client) {
        var wanted = tree(body);
        var id = Optional.ofNullable(wanted.get("id")).map(ControlRoutes::text);
        var added = control.add(id, wish(wanted), client);
        return Reply.json(201, camera(added))
                .with(HttpHeaderNames.LOCATION, "cameras/" + added.camera()); // relative, to be right below any path
    }

    private static Reply picture(CameraControl control, byte[] body, String client) {
        var wanted = tree(body);
        var id = Optional.ofNullable(wanted.get("id")).map(ControlRoutes::text).map(ControlRoutes::id);
        return Reply.fixed("image/jpeg", control.picture(id, wish(wanted), client))
                .with(HttpHeaderNames.CACHE_CONTROL, "no-store");
    }

    private static CameraId id(String text) {
        try {
            return new CameraId(text);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(400, String.valueOf(e.getMessage()));
        }
    }

    private static JsonNode tree(byte[] body) {
        JsonNode tree;
        try {
            tree = JSON.readTree(body);
        } catch (JsonProcessingException e) { // its text may hold a password
            throw new RefusedException(400, "the body is no JSON");
        } catch (IOException e) {
            throw new RefusedException(400, "the body cannot be read");
        }
        if (!tree.isObject()) {
            throw new RefusedException(
                    400, "the body is no JSON object: send one such as {\"source\": \"rtsp://...\"}");
        }
        tree.fieldNames().forEachRemaining(key -> {
            if (!KEYS.contains(key)) {
                throw new RefusedException(400, "'" + key + "' is unknown: a camera has id, source, settings, paused");
            }
        });
        return tree;
    }

    private static Wish wish(JsonNode wanted) {
        return new Wish(
                Optional.ofNullable(wanted.get("source")).map(ControlRoutes::text),
                Optional.ofNullable(wanted.get("settings")).map(ControlRoutes::settings),
                Optional.ofNullable(wanted.get("paused")).map(ControlRoutes::truth));
    }

    private static String text(JsonNode value) {
        if (!value.isTextual()) {
            throw new RefusedException(400, "id and source are texts in quotes");
        }
        return value.asText();
    }

    private static boolean truth(JsonNode value) {
        if (!value.isBoolean()) {
            throw new RefusedException(400, "paused is true or false");
        }
        return value.asBoolean();
    }

    private static Map<String, String> settings(JsonNode value) {
        if (!value.isObject()) {
            throw new RefusedException(400, "settings are an object such as {\"fps\": 5}");
        }
        var settings = new TreeMap<String, String>();
        value.properties()
                .forEach(setting -> settings.put(
                        setting.getKey(),
                        setting.getValue().isArray()
                                ? joined(setting.getValue())
                                : setting.getValue().asText()));
        return settings;
    }

    private static String joined(JsonNode values) {
        return StreamSupport.stream(values.spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.joining(","));
    }

    private static ObjectNode cameras(List<Camera> cameras) {
        var answer = JsonNodeFactory.instance.objectNode();
        var list = answer.putArray("cameras");
        cameras.forEach(camera -> list.add(camera(camera)));
        return answer;
    }

    private static ObjectNode camera(Camera camera) {
        var answer = JsonNodeFactory.instance.objectNode();
        answer.put("id", camera.camera().value());
        answer.put("source", camera.source());
        new TreeMap<>(camera.settings()).forEach(answer.putObject("settings")::put);
        answer.put("paused", camera.paused());
        answer.put("canChange", camera.canChange());
        return answer;
    }
}
