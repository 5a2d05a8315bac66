package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is in {@code docker} for compose and Kubernetes, as far as it can be checked without either. */
class ManifestsTest {
    private static final Path KUBERNETES = Path.of("docker/kubernetes/framecast.yaml");
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Pattern METRIC = Pattern.compile("\\b(framecast_[a-z_]+|process_[a-z_]+|jvm_[a-z_]+)\\b");
    /** A variable of compose with a default. */
    private static final Pattern DEFAULT = Pattern.compile("\\$\\{[A-Z_]+:-([^}]*)}");

    private static final Map<String, Class<?>> KINDS = Map.of(
            "v1/ConfigMap", ConfigMap.class,
            "v1/Service", Service.class,
            "v1/PersistentVolumeClaim", PersistentVolumeClaim.class,
            "apps/v1/Deployment", Deployment.class,
            "policy/v1/PodDisruptionBudget", PodDisruptionBudget.class);

    /** Reads what Kubernetes' schema knows, and fails at everything else. */
    private static final ObjectMapper STRICT = new ObjectMapper(new YAMLFactory())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .setAnnotationIntrospector(new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1;

                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                    return Boolean.FALSE; // the model's classes would keep what they don't know
                }
            });

    static Stream<JsonNode> manifests() throws IOException {
        return documents(KUBERNETES).stream();
    }

    private static List<JsonNode> documents(Path file) throws IOException {
        try (var parser = YAML.getFactory().createParser(file.toFile())) {
            return YAML.<JsonNode>readValues(parser, JsonNode.class).readAll();
        }
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void kubernetes_eachManifest_isOfItsSchema(JsonNode manifest) throws Exception {
        String kind =
                manifest.get("apiVersion").asText() + "/" + manifest.get("kind").asText();

        Object object = STRICT.treeToValue(manifest, KINDS.get(kind));

        assertThat(KINDS).containsKey(kind);
        if (object instanceof Deployment deployment) {
            assertThat(deployment.getSpec().getSelector().getMatchLabels())
                    .isEqualTo(deployment.getSpec().getTemplate().getMetadata().getLabels());
        }
    }

    @Test
    void kubernetes_strict_findsWhatIsNone() throws Exception {
        JsonNode wrong = YAML.readTree("{apiVersion: apps/v1, kind: Deployment, spec: {replicaz: 1}}");

        assertThatThrownBy(() -> STRICT.treeToValue(wrong, Deployment.class)).hasMessageContaining("replicaz");
    }

    @Test
    void kubernetes_secretsVolumesAndProbes_areThere() throws Exception {
        List<Deployment> deployments = new ArrayList<>();
        Map<String, String> settings = new HashMap<>();
        for (JsonNode manifest : documents(KUBERNETES)) {
            if (manifest.get("kind").asText().equals("Deployment")) {
                deployments.add(STRICT.treeToValue(manifest, Deployment.class));
            } else if (manifest.get("kind").asText().equals("ConfigMap")) {
                settings.putAll(STRICT.treeToValue(manifest, ConfigMap.class).getData());
            }
        }

        assertThat(deployments)
                .extracting(deployment -> deployment.getMetadata().getName())
                .containsExactly("framecast-capture", "framecast-predict", "framecast-score", "framecast-preview");
        assertThat(deployments).allSatisfy(deployment -> {
            var pod = deployment.getSpec().getTemplate().getSpec();
            var container = pod.getContainers().get(0);
            assertThat(pod.getEnableServiceLinks())
                    .as("variables such as FRAMECAST_PORT")
                    .isFalse();
            assertThat(container.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/health/live");
            assertThat(container.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/health/ready");
            assertThat(container.getResources().getRequests()).containsKeys("cpu", "memory");
            assertThat(container.getResources().getLimits()).containsKey("memory");
            assertThat(pod.getVolumes())
                    .extracting(volume -> volume.getName())
                    .containsExactlyInAnyOrderElementsOf(container.getVolumeMounts().stream()
                            .map(mount -> mount.getName())
                            .toList());
            requireCommand(container.getArgs(), settings);
        });
    }

    @Test
    void kubernetes_pods_mayDoNoMoreThanTheyMust() throws Exception {
        for (JsonNode manifest : documents(KUBERNETES)) {
            if (!manifest.get("kind").asText().equals("Deployment")) {
                continue;
            }
            var pod = STRICT.treeToValue(manifest, Deployment.class)
                    .getSpec()
                    .getTemplate()
                    .getSpec();
            var container = pod.getContainers().get(0);
            assertThat(pod.getAutomountServiceAccountToken()).isFalse();
            assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
            assertThat(container.getSecurityContext().getAllowPrivilegeEscalation())
                    .isFalse();
            assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
                    .isTrue();
            assertThat(container.getSecurityContext().getCapabilities().getDrop())
                    .containsExactly("ALL");
            assertThat(container.getVolumeMounts())
                    .as("what is written to")
                    .filteredOn(mount -> !Boolean.TRUE.equals(mount.getReadOnly()))
                    .extracting(mount -> mount.getMountPath())
                    .containsExactly("/data", "/tmp");
        }
    }

    @Test
    void kubernetes_clips_areKept() throws Exception {
        List<JsonNode> manifests = documents(KUBERNETES);

        assertThat(manifests)
                .filteredOn(manifest -> manifest.get("kind").asText().equals("PersistentVolumeClaim"))
                .extracting(manifest -> manifest.at("/metadata/name").asText())
                .containsExactly("framecast-preview");
        JsonNode preview = manifests.stream()
                .filter(manifest -> manifest.get("kind").asText().equals("Deployment")
                        && manifest.at("/metadata/name").asText().equals("framecast-preview"))
                .findFirst()
                .orElseThrow();
        assertThat(preview.at("/spec/strategy/type").asText()).isEqualTo("Recreate");
        assertThat(preview.at("/spec/template/spec/volumes/0/persistentVolumeClaim/claimName")
                        .asText())
                .isEqualTo("framecast-preview");
    }

    @Test
    void kubernetes_metrics_areAskedForWithTheToken() throws Exception {
        JsonNode monitor =
                documents(Path.of("docker/kubernetes/pod-monitor.yaml")).get(0);
        JsonNode endpoint = monitor.at("/spec/podMetricsEndpoints/0");

        assertThat(endpoint.at("/authorization/type").asText()).isEqualTo("Bearer");
        assertThat(Files.readString(KUBERNETES)).doesNotContain("prometheus.io/scrape");
        for (JsonNode manifest : documents(KUBERNETES)) {
            if (manifest.get("kind").asText().equals("Deployment")) {
                var template =
                        STRICT.treeToValue(manifest, Deployment.class).getSpec().getTemplate();
                var container = template.getSpec().getContainers().get(0);
                var token = container.getEnv().get(0).getValueFrom().getSecretKeyRef();
                assertThat(token.getName())
                        .isEqualTo(
                                endpoint.at("/authorization/credentials/name").asText());
                assertThat(token.getKey())
                        .isEqualTo(endpoint.at("/authorization/credentials/key").asText());
                assertThat(container.getPorts().get(0).getName())
                        .isEqualTo(endpoint.get("port").asText());
                monitor.at("/spec/selector/matchLabels")
                        .properties()
                        .forEach(label -> assertThat(template.getMetadata().getLabels())
                                .containsEntry(label.getKey(), label.getValue().asText()));
            }
        }
    }

    /** A command with options that exist, in variables as well. */
    private static void requireCommand(List<String> arguments, Map<String, String> environment) {
        var all = new HashMap<>(environment);
        all.put("FRAMECAST_TOKEN", "sesame");
        String[] typed = arguments.toArray(String[]::new);
        assertThat(Main.commandLine(typed, all).parseArgs(typed).errors()).isEmpty();
        assertThat(Defaults.misspelt(all, Main.commandLine(typed, all).getCommandSpec()))
                .isEmpty();
    }

    @Test
    void kubernetes_scaling_followsTheGroupOfThePredictor() throws Exception {
        JsonNode scaling =
                documents(Path.of("docker/kubernetes/predict-scaling.yaml")).get(0);

        JsonNode trigger = scaling.at("/spec/triggers/0/metadata");
        assertThat(trigger.get("consumerGroup").asText()).isEqualTo("framecast.predict." + ModelsOption.DEFAULT);
        assertThat(trigger.get("topic").asText()).isEqualTo("framecast.frames.v1");
        assertThat(documents(KUBERNETES).stream()
                        .map(manifest -> manifest.at("/metadata/name").asText()))
                .contains(scaling.at("/spec/scaleTargetRef/name").asText());
        assertThat(documents(Path.of("topics/frames.yaml"))
                        .get(0)
                        .get("partitions")
                        .asInt())
                .isEqualTo(scaling.at("/spec/maxReplicaCount").asInt());
    }

    @Test
    void compose_ourServices_haveCommandsThatExist() throws Exception {
        JsonNode services = documents(Path.of("docker/compose.yaml")).get(0).get("services");

        services.properties().forEach(service -> {
            JsonNode command = service.getValue().path("command");
            if (!command.isMissingNode()) {
                requireCommand(
                        StreamSupport.stream(command.spliterator(), false)
                                .map(word -> DEFAULT.matcher(word.asText()).replaceAll("$1"))
                                .toList(),
                        Map.of(
                                "FRAMECAST_KAFKA",
                                "kafka:9092",
                                "FRAMECAST_HOST",
                                "0.0.0.0",
                                "FRAMECAST_HEALTH",
                                "true"));
            }
        });
        assertThat(services.fieldNames())
                .toIterable()
                .contains(
                        "kafka", "topics", "capture", "predict", "score", "preview", "camera", "prometheus", "grafana");
    }

    @Test
    void monitoring_everyMetricThatIsAskedFor_isInTheTable() throws Exception {
        String asked = Files.readString(Path.of("docker/alerts.yml"))
                + documents(Path.of("docker/grafana/dashboard.json")).get(0).findValuesAsText("expr");
        String told = Files.readString(Path.of("docs/metrics.md"));

        List<String> metrics = METRIC.matcher(asked)
                .results()
                .map(found -> found.group().replaceFirst("_(bucket|sum|count)$", ""))
                .distinct()
                .collect(Collectors.toList());

        assertThat(metrics).hasSizeGreaterThan(15);
        assertThat(metrics)
                .allSatisfy(metric -> assertThat(told)
                        .as(metric)
                        .containsAnyOf("`" + metric + "`", "`" + metric.replaceFirst("_.*", "_") + "*`"));
    }
}
