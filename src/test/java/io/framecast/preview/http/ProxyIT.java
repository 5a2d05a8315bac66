package io.framecast.preview.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.framecast.preview.CameraViews;
import io.framecast.preview.SceneFeed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser behind Debian's nginx and Caddy, with the lines that stand in docs/http.md. */
@Tag("system")
@Timeout(180)
class ProxyIT {
    private static final String UPSTREAM = "127.0.0.1:8080";
    private static final String SITE = "cameras.example";

    /** Loads what the page links to, and a picture of the stream, as the browser sees them. */
    private static final String LOAD_LINKS = "return (async () => { const loaded = [];"
            + "for (const link of document.querySelectorAll('.links a')) {"
            + "  if (link.className === 'link-stream') {"
            + "    const picture = new Image(); picture.src = link.href;"
            + "    for (let i = 0; i < 100 && !picture.naturalWidth; i++)"
            + "      await new Promise((done) => setTimeout(done, 100));"
            + "    loaded.push(picture.naturalWidth); picture.src = '';"
            + "  } else loaded.push((await fetch(link.href)).status);"
            + "} return loaded.join(' '); })()";

    @TempDir
    Path folder;

    private final CameraViews views = new CameraViews();
    private final SceneFeed feed = new SceneFeed(views, "front-door");
    private final int port = freePort();
    private Browser browser;

    @BeforeEach
    void start() throws Exception {
        browser = new Browser(folder.resolve("profile"));
    }

    @AfterEach
    void stop() throws Exception {
        browser.close();
        feed.close();
    }

    @Test
    void nginx_readmeLines_showThePageBelowAPath() throws Exception {
        try (var server = serve(Optional.empty(), Optional.empty(), List.of());
                var proxy = nginx(server)) {
            assertThat(proxy.isAlive()).isTrue();
            browser.open(URI.create("http://127.0.0.1:" + port + "/cam1/"));
            seesThePage();
        }
    }

    @Test
    void nginx_readmeLinesAndToken_showThePageBelowAPath() throws Exception {
        try (var server = serve(Optional.of("s3cret"), Optional.empty(), List.of());
                var proxy = nginx(server)) {
            assertThat(proxy.isAlive()).isTrue();
            browser.open(URI.create("http://127.0.0.1:" + port + "/cam1/?token=s3cret#front-door"));
            seesThePage();
            assertThat(browser.run("return location.href").asText()).endsWith("/cam1/#front-door");
        }
    }

    @Test
    void caddy_readmeLines_showThePageOverTls() throws Exception {
        var address = "https://localhost:" + port + "/cam1/";
        try (var server = serve(Optional.empty(), Optional.of(address), List.of());
                var proxy = caddy(server)) {
            assertThat(proxy.isAlive()).isTrue();
            assertThat(server.addresses().get(0)).hasToString(address);
            browser.open(URI.create(address));
            seesThePage();
        }
    }

    @Test
    void caddy_tokenInAFrameOfAnotherSite_isShownWhereAllowed() throws Exception {
        var address = "https://localhost:" + port + "/cam1/";
        var home = home("<iframe src='" + address + "?token=s3cret' width=1200 height=800></iframe>");
        try {
            var origin = "http://127.0.0.1:" + home.getAddress().getPort();
            try (var server = serve(Optional.of("s3cret"), Optional.of(address), List.of(origin));
                    var proxy = caddy(server)) {
                assertThat(proxy.isAlive()).isTrue();
                browser.open(origin);
                browser.enterFrame();
                seesThePage();
            }
            try (var server = serve(Optional.of("s3cret"), Optional.of(address), List.of("https://other.example"));
                    var proxy = caddy(server)) {
                assertThat(proxy.isAlive()).isTrue();
                browser.open(origin);
                await().until(() -> browser.console().stream().anyMatch(line -> line.contains("frame-ancestors")));
            }
        } finally {
            home.stop(0);
        }
    }

    private void seesThePage() throws Exception {
        await().untilAsserted(
                        () -> assertThat(browser.run("return document.getElementById('summary')?.textContent ?? ''")
                                        .asText())
                                .isEqualTo("1 camera, 1 live"));
        await().until(() -> browser.run("return document.querySelector('.tag-ahead').textContent")
                .asText()
                .startsWith("in "));
        assertThat(browser.run(LOAD_LINKS).asText()).isEqualTo("200 200 200 512");
        assertThat(browser.run("return getComputedStyle(document.querySelector('.bar')).position")
                        .asText())
                .as("a style of the style sheet")
                .isEqualTo("sticky");
        assertThat(browser.console()).isEmpty();
    }

    private PreviewServer serve(Optional<String> token, Optional<String> publicUrl, List<String> framing) {
        return PreviewServer.start(
                new HttpConfig("127.0.0.1", 0, token, publicUrl.map(PublicAddress::parse), new Framing(framing)),
                views,
                Health.READY,
                () -> "",
                any -> new byte[0]);
    }

    private Proxy nginx(PreviewServer server) throws Exception {
        var configuration = "daemon off; user root; pid nginx.pid; error_log stderr; events {} http { access_log off;"
                + " client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;"
                + " uwsgi_temp_path uwsgi; scgi_temp_path scgi; server { listen 127.0.0.1:" + port + ";\n"
                + readme("nginx", server) + "\n} }";
        var file = Files.writeString(folder.resolve("nginx.conf"), configuration);
        return start(List.of("nginx", "-p", folder.toString(), "-c", file.toString()));
    }

    private Proxy caddy(PreviewServer server) throws Exception {
        var configuration = "{\nadmin off\nskip_install_trust\nauto_https disable_redirects\n}\n"
                + readme("caddy", server).replace(SITE, "localhost:" + port);
        var file = Files.writeString(folder.resolve("Caddyfile"), configuration);
        return start(List.of("caddy", "run", "--config", file.toString(), "--adapter", "caddyfile"));
    }

    /** The page's lines for a proxy, with the port that our server really has. */
    private static String readme(String proxy, PreviewServer server) throws IOException {
        var block = Pattern.compile("```" + proxy + "\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("docs", "http.md")));
        assertThat(block.find()).as("lines for " + proxy).isTrue();
        assertThat(block.group(1)).contains(UPSTREAM);
        return block.group(1).replace(UPSTREAM, "127.0.0.1:" + server.address().getPort());
    }

    private Proxy start(List<String> command) throws Exception {
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(command.get(0) + ".log").toFile());
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("XDG_DATA_HOME", folder.toString());
        var proxy = new Proxy(builder.start());
        await().until(() -> !proxy.isAlive() || accepts(port));
        assertThat(proxy.isAlive())
                .as(() -> log(folder.resolve(command.get(0) + ".log")))
                .isTrue();
        return proxy;
    }

    private static String log(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }

    /** A process that ends with its test. */
    private record Proxy(Process process) implements AutoCloseable {
        boolean isAlive() {
            return process.isAlive();
        }

        @Override
        public void close() {
            process.destroy();
            try {
                if (!process.waitFor(10, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A page of another site. */
    private static HttpServer home(String body) throws IOException {
        var home = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var page = ("<!doctype html><title>Home</title>" + body).getBytes(StandardCharsets.UTF_8);
        home.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        home.start();
        return home;
    }

    private static boolean accepts(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException none) {
            throw new IllegalStateException(none);
        }
    }
}
