package io.framecast.alert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.framecast.forecast.SurprisingStretch;
import io.framecast.frame.Ticker;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls a webhook when a surprising stretch begins: a POST of JSON, signed as GitHub and others do, in the header
 * {@value #SIGNATURE}: {@code sha256=} and the HMAC of the body. One at a time on a thread of its own; what fails for a
 * while is tried again, and what comes too fast is held back and counted.
 */
public final class Webhook implements AutoCloseable {
    /** The header with the signature. */
    public static final String SIGNATURE = "X-Framecast-Signature-256";

    private static final Logger log = LoggerFactory.getLogger(Webhook.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int MOST_WAITING = 100;
    private static final int TRIES = 5;
    private static final int TOO_MANY = 429;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final WebhookConfig config;
    private final Duration firstPause;
    private final Duration longestAnswer;
    private final Consumer<Result> results;
    private final AlertLimit limit;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1) // some servers lose the body of a request that offers to upgrade
            .connectTimeout(TIMEOUT)
            .build();
    private final ThreadPoolExecutor calling =
            new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), task -> {
                var thread = new Thread(task, "webhook");
                thread.setDaemon(true);
                return thread;
            });

    /** What became of an alert. */
    public enum Result {
        SENT,
        FAILED,
        HELD_BACK;

        /** Its name in small letters. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * A webhook that pauses 1, 2, 4 and 8 seconds between tries.
     *
     * @param results is told what became of each alert, on any thread
     */
    public Webhook(WebhookConfig config, Consumer<Result> results) {
        this(config, results, Ticker.system(), Duration.ofSeconds(1), TIMEOUT.multipliedBy(2));
    }

    Webhook(
            WebhookConfig config,
            Consumer<Result> results,
            Ticker ticker,
            Duration firstPause,
            Duration longestAnswer) {
        this.config = config;
        this.results = results;
        this.firstPause = firstPause;
        this.longestAnswer = longestAnswer;
        limit = new AlertLimit(config.every(), ticker);
    }

    /** A stretch began or ended; only its begin is an alert. For one thread. */
    public void accept(SurprisingStretch stretch) {
        if (stretch.ended()) {
            return;
        }
        OptionalLong heldBack = limit.admit(stretch.camera());
        if (heldBack.isEmpty()) {
            results.accept(Result.HELD_BACK);
            return;
        }
        String body = body(stretch, heldBack.getAsLong());
        try {
            calling.execute(() -> call(body));
        } catch (RejectedExecutionException full) {
            fail("more than " + MOST_WAITING + " alerts wait for an answer");
        }
    }

    private static String body(SurprisingStretch stretch, long heldBack) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("event", "surprise");
        fields.put("camera", stretch.camera().value());
        fields.put("id", stretch.id());
        fields.put("begin", stretch.begin().toString());
        fields.put("surprise", stretch.peak());
        fields.put("heldBack", heldBack);
        try {
            return JSON.writeValueAsString(fields);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private HttpRequest request(String body) {
        var request = HttpRequest.newBuilder(config.url())
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .header("User-Agent", "framecast")
                .POST(BodyPublishers.ofString(body));
        config.secret().ifPresent(secret -> request.header(SIGNATURE, "sha256=" + signature(secret, body)));
        return request.build();
    }

    /** The HMAC-SHA256 of a body, in hexadecimal. */
    static String signature(String secret, String body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) { // every Java has it
            throw new IllegalStateException(impossible);
        }
    }

    private void call(String body) {
        HttpRequest request = request(body);
        Duration pause = firstPause;
        String why = "";
        try {
            for (int i = 0; i < TRIES; i++) {
                if (i > 0) {
                    Thread.sleep(pause.toMillis());
                    pause = pause.multipliedBy(2);
                }
                try {
                    int status = status(request);
                    if (status / 100 == 2) {
                        results.accept(Result.SENT);
                        return;
                    }
                    why = "it answers " + status;
                    if (status / 100 != 5 && status != TOO_MANY) {
                        break;
                    }
                } catch (IOException failure) {
                    why = "it does not answer (" + failure.getClass().getSimpleName() + ")";
                } catch (TimeoutException late) {
                    why = "its answer has no end";
                }
            }
            fail(why);
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** The status of the answer, once all of that has come. */
    private int status(HttpRequest request) throws IOException, InterruptedException, TimeoutException {
        var answer = client.sendAsync(request, BodyHandlers.discarding());
        try {
            return answer.get(longestAnswer.toMillis(), TimeUnit.MILLISECONDS).statusCode();
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof IOException cause ? cause : new IOException(failure.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    private void fail(String why) {
        results.accept(Result.FAILED);
        log.warn("an alert did not reach {}: {}; check --alert-url", config.shown(), why);
    }

    /** Gives up what waits. */
    @Override
    public void close() {
        calling.shutdownNow();
    }
}
