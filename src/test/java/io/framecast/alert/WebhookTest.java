package io.framecast.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.framecast.forecast.ErrorMap;
import io.framecast.forecast.SurprisingStretch;
import io.framecast.frame.CameraId;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** The webhook against a real HTTP server. */
class WebhookTest {
    private static final Duration NO_PAUSE = Duration.ofMillis(1);
    private static final int ENDLESS = 0;
    private static final Instant BEGIN = Instant.parse("2026-01-31T08:00:00Z");

    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final List<String> signatures = new CopyOnWriteArrayList<>();
    private final List<Webhook.Result> results = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedDeque<Integer> answers = new ConcurrentLinkedDeque<>();
    private Duration longestAnswer = Duration.ofSeconds(10);
    private DisposableServer server;
    private final AtomicLong nanos = new AtomicLong();

    @BeforeEach
    void listen() {
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> request.receive()
                        .aggregate()
                        .asString()
                        .flatMap(body -> {
                            bodies.add(body);
                            signatures.add(request.requestHeaders().get(Webhook.SIGNATURE, ""));
                            Integer status = answers.poll();
                            if (status != null && status == ENDLESS) {
                                return Mono.from(response.sendString(
                                        Flux.just("and so on").concatWith(Flux.never())));
                            }
                            return Mono.from(response.status(status == null ? 204 : status)
                                    .send());
                        }))
                .bindNow();
    }

    @AfterEach
    void stopListening() {
        server.disposeNow();
    }

    private Webhook webhook(Optional<String> secret) {
        var config = new WebhookConfig(
                URI.create("http://127.0.0.1:" + server.port() + "/hooks/t0ken"), secret, Duration.ofMinutes(1));
        return new Webhook(config, results::add, nanos::get, NO_PAUSE, longestAnswer);
    }

    private static SurprisingStretch stretch(String camera, long sequence) {
        var map = new ErrorMap(1, 1, List.of(0));
        return new SurprisingStretch(new CameraId(camera), 1, sequence, BEGIN, BEGIN, false, 1, 4.5, BEGIN, map);
    }

    @Test
    void begin_isPosted_withASignatureOfTheBody() throws Exception {
        try (var webhook = webhook(Optional.of("key"))) {
            webhook.accept(stretch("front", 7));
            await().until(() -> results.equals(List.of(Webhook.Result.SENT)));
        }
        JsonNode body = new ObjectMapper().readTree(bodies.get(0));
        assertThat(body.get("event").asText()).isEqualTo("surprise");
        assertThat(body.get("camera").asText()).isEqualTo("front");
        assertThat(body.get("id").asText()).isEqualTo("front/1/7");
        assertThat(body.get("begin").asText()).isEqualTo("2026-01-31T08:00:00Z");
        assertThat(body.get("surprise").asDouble()).isEqualTo(4.5);
        assertThat(signatures).containsExactly("sha256=" + Webhook.signature("key", bodies.get(0)));
    }

    @Test
    void signature_isTheHmacOfRfc4231() { // its test case 2
        assertThat(Webhook.signature("Jefe", "what do ya want for nothing?"))
                .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    @Test
    void withoutASecret_nothingIsSigned() {
        try (var webhook = webhook(Optional.empty())) {
            webhook.accept(stretch("front", 7));
            await().until(() -> results.equals(List.of(Webhook.Result.SENT)));
        }
        assertThat(signatures).containsExactly("");
    }

    @Test
    void end_isNoAlert() {
        try (var webhook = webhook(Optional.empty())) {
            webhook.accept(stretch("front", 7).over());
            webhook.accept(stretch("yard", 1));
            await().until(() -> results.equals(List.of(Webhook.Result.SENT)));
        }
        assertThat(bodies).singleElement().asString().contains("yard");
    }

    @Test
    void whatFailsForAWhile_isTriedAgain() {
        answers.addAll(List.of(503, 429));
        try (var webhook = webhook(Optional.empty())) {
            webhook.accept(stretch("front", 7));
            await().until(() -> results.equals(List.of(Webhook.Result.SENT)));
        }
        assertThat(bodies).hasSize(3).allMatch(bodies.get(0)::equals);
    }

    @Test
    void whatIsRefused_isNotTriedAgain() {
        answers.addAll(List.of(404));
        try (var webhook = webhook(Optional.empty())) {
            webhook.accept(stretch("front", 7));
            await().until(() -> results.equals(List.of(Webhook.Result.FAILED)));
        }
        assertThat(bodies).hasSize(1);
    }

    @Test
    void whatFailsAgainAndAgain_isGivenUp_andTheNextAlertIsCalled() {
        answers.addAll(List.of(500, 500, 500, 500, 500));
        try (var webhook = webhook(Optional.empty())) {
            webhook.accept(stretch("front", 7));
            webhook.accept(stretch("yard", 1));
            await().until(() -> results.equals(List.of(Webhook.Result.FAILED, Webhook.Result.SENT)));
        }
    }

    @Test
    void answerWithoutAnEnd_isGivenUp_andTheNextAlertIsCalled() {
        longestAnswer = Duration.ofMillis(300);
        answers.addAll(List.of(ENDLESS, ENDLESS, ENDLESS, ENDLESS, ENDLESS));
        try (var webhook = webhook(Optional.empty())) {
            webhook.accept(stretch("front", 7));
            webhook.accept(stretch("yard", 1));
            await().until(() -> results.equals(List.of(Webhook.Result.FAILED, Webhook.Result.SENT)));
        }
    }

    @Test
    void alertsOfACamera_thatComeTooFast_areHeldBack_andCountedInTheNext() {
        try (var webhook = webhook(Optional.empty())) {
            webhook.accept(stretch("front", 1));
            webhook.accept(stretch("front", 2));
            webhook.accept(stretch("front", 3));
            webhook.accept(stretch("yard", 1));
            nanos.addAndGet(Duration.ofMinutes(1).toNanos());
            webhook.accept(stretch("front", 4));
            await().until(() ->
                    results.stream().filter(Webhook.Result.SENT::equals).count() == 3);
        }
        assertThat(results).filteredOn(Webhook.Result.HELD_BACK::equals).hasSize(2);
        assertThat(bodies)
                .extracting(body -> body.replaceAll(".*\"id\":\"([^\"]*)\".*\"heldBack\":(\\d+).*", "$1 $2"))
                .containsExactly("front/1/1 0", "yard/1/1 0", "front/1/4 2");
    }

    @Test
    void address_isShownWithoutItsSecrets() {
        var config =
                new WebhookConfig(URI.create("https://hooks.example:8443/t0ken?key=k"), Optional.empty(), NO_PAUSE);
        assertThat(config.shown()).isEqualTo("https://hooks.example:8443/***");
        assertThat(config.toString()).doesNotContain("t0ken");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ftp://hooks.example/a", "hooks.example", "https:///a", "https://user:hush@hooks.example/a"})
    void address_thatCannotBeCalled_isRefused_withoutItsSecrets(String address) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WebhookConfig(URI.create(address), Optional.empty(), NO_PAUSE))
                .withMessageContaining("--alert-url")
                .withMessageNotContaining("hush");
    }
}
