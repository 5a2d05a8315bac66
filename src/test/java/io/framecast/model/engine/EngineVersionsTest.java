package io.framecast.model.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Holds the engine's parts together in every profile of the build: DJL loads only a JNI library of its own version and
 * the natives', and wants to download one otherwise.
 */
class EngineVersionsTest {
    private static final Path ENGINES = Path.of("target", "engines");
    private static final Pattern NATIVE = Pattern.compile("pytorch-native-(.*)");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}]+)}");

    private static Element pom;

    /** A dependency of DJL's, its references resolved; the classifier is empty if it has none. */
    private record Part(String artifact, String version, String classifier) {}

    /** What Maven would use if one profile were active. */
    private record Profile(Map<String, String> properties, List<Element> dependencies) {
        String value(String property) {
            return resolved(Objects.requireNonNull(properties.get(property), property));
        }

        private String resolved(String text) {
            return REFERENCE.matcher(text).replaceAll(found -> value(found.group(1)));
        }

        List<Part> parts() {
            return dependencies.stream()
                    .filter(each -> child(each, "groupId").getTextContent().startsWith("ai.djl"))
                    .map(each -> new Part(text(each, "artifactId"), text(each, "version"), text(each, "classifier")))
                    .toList();
        }

        Part part(String artifact) {
            return parts().stream()
                    .filter(part -> part.artifact().equals(artifact))
                    .findFirst()
                    .orElseThrow();
        }

        List<Part> natives() {
            return parts().stream()
                    .filter(part -> NATIVE.matcher(part.artifact()).matches())
                    .toList();
        }

        List<Flavor> flavors() {
            return natives().stream()
                    .map(part -> new Flavor(NATIVE.matcher(part.artifact()).replaceAll("$1")))
                    .toList();
        }

        private String text(Element of, String name) {
            return children(of)
                    .filter(each -> each.getTagName().equals(name))
                    .findFirst()
                    .map(each -> resolved(each.getTextContent()))
                    .orElse("");
        }
    }

    @BeforeAll
    static void readPom() throws Exception {
        pom = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(Path.of("pom.xml").toFile())
                .getDocumentElement();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "cuda", "linux-arm64", "macosx-arm64", "windows-x86_64"})
    void profile_engineJniAndNatives_belongTogether(String id) throws IOException {
        Profile profile = profile(id);
        String djl = profile.part("pytorch-engine").version();
        String platform = profile.value("pytorch.platform");

        assertThat(profile.part("api").version()).as("the API's version").isEqualTo(djl);
        assertThat(engineVersion(djl)).isEqualTo(djl);
        Path file = ENGINES.resolve("pytorch-jni-" + profile.part("pytorch-jni").version() + ".jar");
        try (var jar = new JarFile(file.toFile())) {
            JniLibrary jni = JniLibrary.in(jar, platform);
            assertThat(jni.djlVersion()).as("the JNI library's DJL").isEqualTo(djl);
            assertThat(profile.natives())
                    .isNotEmpty()
                    .allSatisfy(natives -> assertThat(natives.version()).isEqualTo(jni.torchVersion()))
                    .allSatisfy(natives -> assertThat(natives.classifier()).isEqualTo(platform));
            assertThat(jni.flavors()).as("for the natives of the profile").containsAll(profile.flavors());
        }
    }

    @Test
    void profile_cuda_hasNativesForBothProcessorAndGpu() {
        assertThat(profile("cuda").flavors())
                .contains(Flavor.CPU)
                .anySatisfy(flavor -> assertThat(flavor.isCuda()).isTrue());
        assertThat(profile("").flavors()).containsExactly(Flavor.CPU);
    }

    @Test
    void build_itsOwnEngine_isOneOfTheProfiles() {
        JniLibrary built = JniLibrary.ofBuild();
        assertThat(Stream.of("", "cuda").map(id -> profile(id).value("pytorch.jni.version")))
                .contains(built.torchVersion() + "-" + built.djlVersion());
    }

    private static String engineVersion(String djl) throws IOException {
        try (var jar = new JarFile(
                        ENGINES.resolve("pytorch-engine-" + djl + ".jar").toFile());
                var in = jar.getInputStream(jar.getEntry("pytorch-engine.properties"))) {
            var properties = new Properties();
            properties.load(in);
            return properties.getProperty("djl_version");
        }
    }

    private static Profile profile(String id) {
        var properties = new HashMap<>(properties(pom));
        Stream<Element> dependencies = children(child(pom, "dependencies"));
        if (!id.isEmpty()) {
            Element profile = children(child(pom, "profiles"))
                    .filter(each -> child(each, "id").getTextContent().equals(id))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("pom.xml has no profile " + id));
            properties.putAll(properties(profile));
            dependencies = Stream.concat(
                    dependencies,
                    children(profile)
                            .filter(each -> each.getTagName().equals("dependencies"))
                            .flatMap(EngineVersionsTest::children));
        }
        return new Profile(properties, dependencies.toList());
    }

    private static Map<String, String> properties(Element of) {
        var properties = new HashMap<String, String>();
        children(child(of, "properties")).forEach(each -> properties.put(each.getTagName(), each.getTextContent()));
        return properties;
    }

    private static Element child(Element parent, String name) {
        return children(parent)
                .filter(each -> each.getTagName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(parent.getTagName() + " has no " + name));
    }

    private static Stream<Element> children(Element parent) {
        var nodes = parent.getChildNodes();
        return IntStream.range(0, nodes.getLength())
                .mapToObj(nodes::item)
                .filter(node -> node.getNodeType() == Node.ELEMENT_NODE)
                .map(Element.class::cast);
    }
}
