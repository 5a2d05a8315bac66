package io.framecast.preview.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** Headless Chromium, driven by Debian's chromedriver over the WebDriver protocol. */
final class Browser implements AutoCloseable {
    private static final Pattern PORT = Pattern.compile("successfully on port (\\d+)");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Process driver;
    private final String session;

    Browser(Path profile) throws IOException, InterruptedException {
        driver = new ProcessBuilder("chromedriver", "--port=0")
                .redirectErrorStream(true)
                .start();
        var root = "http://127.0.0.1:" + port(driver) + "/session";
        var arguments = List.of(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + profile);
        var wanted = Map.of(
                "goog:chromeOptions",
                Map.of("args", arguments),
                "goog:loggingPrefs",
                Map.of("browser", "ALL"),
                "acceptInsecureCerts",
                true);
        session = root + "/"
                + call("POST", root, Map.of("capabilities", Map.of("alwaysMatch", wanted)))
                        .path("sessionId")
                        .asText();
    }

    void open(URI address) throws IOException, InterruptedException {
        open(address.toString());
    }

    /** Opens what may be typed, well-formed or not. */
    void open(String address) throws IOException, InterruptedException {
        call("POST", session + "/url", Map.of("url", address));
    }

    /** The answer of a script's {@code return}. */
    JsonNode run(String script) {
        try {
            return call("POST", session + "/execute/sync", Map.of("script", script, "args", List.of()));
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(script, failed);
        }
    }

    /** Lays the page out for a screen of this size in CSS pixels. */
    void screen(int width, int height, String scheme) throws IOException, InterruptedException {
        devTools(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
        devTools(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** Runs a script in every page from now on, before its own. */
    void runFirst(String script) throws IOException, InterruptedException {
        devTools("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
    }

    /** Makes scripts run in the page of the first frame. */
    void enterFrame() throws IOException, InterruptedException {
        call("POST", session + "/frame", Map.of("id", 0));
    }

    /** What the page wrote to the console, and what failed to load, since it was last asked. */
    List<String> console() throws IOException, InterruptedException {
        var lines = call("POST", session + "/se/log", Map.of("type", "browser"));
        return StreamSupport.stream(lines.spliterator(), false)
                .map(line -> line.path("message").asText())
                .toList();
    }

    byte[] screenshot() throws IOException, InterruptedException {
        return Base64.getDecoder()
                .decode(call("GET", session + "/screenshot", Map.of()).asText());
    }

    private void devTools(String command, Map<String, ?> parameters) throws IOException, InterruptedException {
        call("POST", session + "/goog/cdp/execute", Map.of("cmd", command, "params", parameters));
    }

    private JsonNode call(String method, String address, Map<String, ?> body) throws IOException, InterruptedException {
        var content = method.equals("POST")
                ? BodyPublishers.ofString(JSON.writeValueAsString(body))
                : BodyPublishers.noBody();
        var request = HttpRequest.newBuilder(URI.create(address))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .method(method, content)
                .build();
        var answer = client.send(request, BodyHandlers.ofString());
        var value = JSON.readTree(answer.body()).path("value");
        if (answer.statusCode() != 200) {
            throw new IOException(value.path("message").asText());
        }
        return value;
    }

    private static int port(Process driver) throws IOException {
        var output = new BufferedReader(new InputStreamReader(driver.getInputStream(), StandardCharsets.UTF_8));
        for (var line = output.readLine(); line != null; line = output.readLine()) {
            var port = PORT.matcher(line);
            if (port.find()) {
                return Integer.parseInt(port.group(1));
            }
        }
        throw new IOException("chromedriver ended without a port");
    }

    @Override
    public void close() throws IOException {
        try {
            call("DELETE", session, Map.of());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            driver.destroy();
        }
    }
}
