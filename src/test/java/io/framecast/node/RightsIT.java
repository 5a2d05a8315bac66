package io.framecast.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.framecast.source.ffmpeg.TestVideos;
import io.framecast.topic.BrokerException;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.ModelUses;
import io.framecast.topic.TopicAdmin;
import io.framecast.topic.TopicKind;
import io.framecast.topic.TopicReader;
import io.framecast.topic.TopicReader.Start;
import io.framecast.topic.broker.TestBroker;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The roles on a broker that denies everything but what {@code topics acls} prints. */
class RightsIT {
    /** Without these, a role does all else that it does. */
    private static final Set<String> GOES_ON_WITHOUT =
            Set.of(TopicKind.PICTURES.topic("framecast"), TopicKind.MODELS.topic("framecast"));

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration A_WHILE = Duration.ofSeconds(5);
    private static final String PASSWORD = "s3cret";

    @TempDir
    static Path folder;

    private static TestBroker broker;
    private static Admin admin;
    private static NodeConfigs nodes;
    private static KafkaConnection connection;

    @BeforeAll
    static void start() throws Exception {
        String jaas = "org.apache.kafka.common.security.plain.PlainLoginModule required ";
        broker = TestBroker.start(
                folder.resolve("broker"),
                Map.of(
                        "listener.security.protocol.map",
                        "CLIENTS:SASL_PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT",
                        "sasl.enabled.mechanisms",
                        "PLAIN",
                        "listener.name.clients.plain.sasl.jaas.config",
                        jaas + "user_framecast=\"" + PASSWORD + "\" user_admin=\"" + PASSWORD + "\";",
                        "authorizer.class.name",
                        StandardAuthorizer.class.getName(),
                        "super.users",
                        "User:ANONYMOUS;User:admin"));
        var administrator = new KafkaConnection(broker.bootstrap(), "framecast", login("admin"));
        admin = Admin.create(administrator.with(Map.of()));
        assertThat(new TopicAdmin(administrator).create(Optional.empty()).topics())
                .hasSize(TopicKind.values().length);
        connection = new KafkaConnection(broker.bootstrap(), "framecast", login("framecast"));
        nodes = new NodeConfigs(new BrokerConfig(
                Optional.of(broker.bootstrap()),
                0,
                "framecast",
                login("framecast"),
                Optional.empty(),
                folder.resolve("data"),
                true));
        TestVideos.write(folder.resolve("clip.mkv"), 64, 64, 100, 10);
    }

    private static Map<String, String> login(String user) {
        return Map.of(
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user + "\" password=\""
                        + PASSWORD + "\";");
    }

    @AfterAll
    static void stop() {
        admin.close();
        broker.close();
    }

    private static List<RoleRights> roles() {
        return RoleRights.all("framecast", Path.of("models"), "persistence", "");
    }

    /** What the commands of a role grant, as {@code kafka-acls.sh} would understand them. */
    private static List<AclBinding> bindings(RoleRights role) {
        var bindings = new ArrayList<AclBinding>();
        for (String command : role.commands("framecast", broker.bootstrap(), "User:framecast")) {
            String[] words = command.split(" ");
            assertThat(words).startsWith("kafka-acls.sh", "--bootstrap-server", broker.bootstrap(), "--add");
            var operation = AclOperation.UNKNOWN;
            var pattern = PatternType.LITERAL;
            String principal = "";
            for (int i = 4; i < words.length; i += 2) {
                String value = words[i + 1];
                switch (words[i]) {
                    case "--allow-principal" -> principal = value.replace("'", "");
                    case "--operation" -> operation = AclOperation.fromString(value);
                    case "--resource-pattern-type" -> pattern = PatternType.fromString(value.toUpperCase(Locale.ROOT));
                    default -> bindings.add(binding(words[i], pattern, value, principal, operation));
                }
            }
        }
        return bindings;
    }

    private static AclBinding binding(
            String option, PatternType pattern, String name, String principal, AclOperation operation) {
        ResourceType type = ResourceType.fromString(option.substring(2).replace('-', '_'));
        assertThat(type).as(option).isNotEqualTo(ResourceType.UNKNOWN);
        return new AclBinding(
                new ResourcePattern(type, name, pattern),
                new AccessControlEntry(principal, "*", operation, AclPermissionType.ALLOW));
    }

    /** Grants exactly these. */
    private static void grant(List<AclBinding> bindings) throws Exception {
        admin.deleteAcls(List.of(AclBindingFilter.ANY)).all().get(30, TimeUnit.SECONDS);
        admin.createAcls(bindings).all().get(30, TimeUnit.SECONDS);
        await().atMost(SOON)
                .until(() -> new HashSet<>(admin.describeAcls(AclBindingFilter.ANY)
                                .values()
                                .get(30, TimeUnit.SECONDS))
                        .equals(new HashSet<>(bindings)));
    }

    private static RoleRights role(String name) {
        return roles().stream()
                .filter(role -> role.role().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void roles_withExactlyWhatAclsPrints_work() throws Exception {
        grant(bindings(role("capture")));
        RunSummary captured = run(nodes.capture("clip=" + folder.resolve("clip.mkv")));
        assertThat(captured.cameras())
                .singleElement()
                .satisfies(camera -> assertThat(camera.framesPublished()).isEqualTo(100));

        grant(bindings(role("predict")));
        assertThat(run(nodes.predict(A_WHILE)).cameras())
                .singleElement()
                .satisfies(camera -> assertThat(camera.forecasts()).isPositive());

        grant(bindings(role("score")));
        run(nodes.score(A_WHILE));

        grant(bindings(role("tail")));
        for (TopicKind kind : List.of(
                TopicKind.FRAMES, TopicKind.FORECASTS, TopicKind.SCORES, TopicKind.SURPRISE, TopicKind.CAMERAS)) {
            assertThat(new TopicReader(connection)
                            .read(Map.of(kind, Start.BEGINNING))
                            .blockFirst(SOON))
                    .as(kind.title())
                    .isNotNull();
        }

        grant(bindings(role("preview")));
        shows();
    }

    @Test
    void modelsUseAndTrain_withExactlyWhatAclsPrints_chooseAgainAndAgain() throws Exception {
        var uses = new ModelUses(connection);
        for (String role : List.of("models use", "train")) {
            grant(bindings(role(role)));
            for (String model : List.of("flow-fade", "persistence")) {
                uses.choose("framecast.predict.rights", model);
                assertThat(uses.newest())
                        .hasEntrySatisfying(
                                "framecast.predict.rights",
                                use -> assertThat(use.model()).isEqualTo(model));
            }
            assertThat(uses.groups("framecast.predict.")).doesNotContainKey("framecast.predict.rights");
        }

        var others = new ArrayList<>(bindings(role("models use")));
        others.removeIf(right -> right.entry().operation() == AclOperation.READ);
        grant(others);
        assertThatThrownBy(uses::newest)
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("READ on framecast.models.v1");
    }

    @Test
    void preview_mayNotReadPictures_showsAllElse() throws Exception {
        grant(bindings(role("capture")));
        run(nodes.capture("clip=" + folder.resolve("clip.mkv")));
        var others = new ArrayList<>(bindings(role("preview")));
        others.removeIf(right -> right.pattern().name().equals(TopicKind.PICTURES.topic("framecast")));
        grant(others);

        shows();
    }

    @Test
    void predict_mayNotReadModels_forecastsAllTheSame() throws Exception {
        grant(bindings(role("capture")));
        run(nodes.capture("clip=" + folder.resolve("clip.mkv")));
        var others = new ArrayList<>(bindings(role("predict")));
        others.removeIf(right -> right.pattern().name().equals(TopicKind.MODELS.topic("framecast")));
        grant(others);

        assertThat(run(nodes.predict(A_WHILE)).cameras())
                .singleElement()
                .satisfies(camera -> assertThat(camera.forecasts()).isPositive());
    }

    @Test
    void predict_mayNotReadCameras_forecastsWithOneModel_andSaysSo() throws Exception {
        grant(bindings(role("capture")));
        run(nodes.capture("clip=" + folder.resolve("clip.mkv")));
        var others = new ArrayList<>(bindings(role("predict")));
        others.removeIf(right -> right.pattern().name().equals(TopicKind.CAMERAS.topic("framecast")));
        grant(others);

        var lines = new CopyOnWriteArrayList<String>();
        assertThat(new Node(nodes.predict(A_WHILE), lines::add).run().cameras())
                .singleElement()
                .satisfies(camera -> assertThat(camera.forecasts()).isPositive());
        assertThat(lines)
                .filteredOn(line -> line.startsWith("model     no camera can have a model of its own here: "))
                .hasSize(1);
    }

    private static void shows() throws Exception {
        var lines = new CopyOnWriteArrayList<String>();
        var node = new Node(nodes.preview(), lines::add);
        var running = CompletableFuture.supplyAsync(node::run);
        await().atMost(SOON).until(() -> lines.stream().anyMatch(line -> line.startsWith("preview ")));
        String page = lines.get(0).substring("preview ".length()).strip();
        await().atMost(SOON).until(() -> get(page + "cameras").contains("\"clip\""));
        assertThat(get(page + "health/ready")).contains("\"ready\"");
        node.stop();
        running.get(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    private static String get(String url) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
                .body();
    }

    private static RunSummary run(NodeConfig config) {
        var node = new Node(config, line -> {});
        RunSummary summary = node.run();
        assertThat(node.failure()).isEmpty();
        return summary;
    }

    /** A role without one of its rights. */
    private record Without(RoleRights role, AclBinding missing) {
        @Override
        public String toString() {
            return role.role() + " without " + missing.entry().operation() + " on "
                    + missing.pattern().name();
        }
    }

    static Stream<Without> rights() {
        return roles().stream()
                .flatMap(role -> bindings(role).stream()
                        .filter(right ->
                                !GOES_ON_WITHOUT.contains(right.pattern().name()))
                        .filter(right -> !role.role().equals("predict")
                                || !right.pattern().name().equals(TopicKind.CAMERAS.topic("framecast")))
                        .map(right -> new Without(role, right)));
    }

    @ParameterizedTest
    @MethodSource("rights")
    void role_withOneRightMissing_saysSoInOneLine(Without without) throws Exception {
        var others = new ArrayList<>(bindings(without.role()));
        others.remove(without.missing());
        grant(others);

        String name = without.missing().pattern().name();
        boolean isTopic = without.missing().pattern().resourceType() == ResourceType.TOPIC;
        assertThatThrownBy(() -> play(without.role().role(), without.missing()))
                .isInstanceOf(BrokerException.class)
                .satisfies(failure -> assertThat(
                                String.valueOf(failure.getMessage()).lines())
                        .singleElement()
                        .satisfies(line -> assertThat(line)
                                .contains("framecast topics acls")
                                .contains(
                                        isTopic
                                                ? without.missing().entry().operation() + " on " + name
                                                : "Kafka denies group "
                                                        + without.role().group().orElseThrow())));
    }

    private static void play(String role, AclBinding missing) {
        switch (role) {
            case "capture" -> new Node(nodes.capture("test:still"), line -> {}).run();
            case "predict" -> new Node(nodes.predict(SOON), line -> {}).run();
            case "score" -> new Node(nodes.score(SOON), line -> {}).run();
            case "preview" -> new Node(nodes.preview(), line -> {}).run();
            default ->
                new TopicReader(connection)
                        .read(Map.of(kind(missing.pattern().name()), Start.BEGINNING))
                        .blockFirst(SOON);
        }
    }

    private static TopicKind kind(String topic) {
        return Stream.of(TopicKind.values())
                .filter(kind -> kind.topic("framecast").equals(topic))
                .findFirst()
                .orElseThrow();
    }
}
