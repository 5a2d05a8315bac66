package io.framecast;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the house: which package may import which, and where the outside world may be touched. */
class ArchitectureTest {
    private static final String ROOT = "io.framecast.";

    /** Package, and the packages of ours it may import. */
    private static final Map<String, Set<String>> MAY_IMPORT = Map.ofEntries(
            Map.entry("frame", Set.of()),
            Map.entry("forecast", Set.of("frame")),
            Map.entry("source", Set.of("frame")),
            Map.entry("topic", Set.of("frame", "forecast", "score")),
            Map.entry("motion", Set.of("frame", "forecast")),
            Map.entry("window", Set.of("frame", "forecast")),
            Map.entry("batch", Set.of("forecast")),
            Map.entry("model", Set.of("frame", "forecast", "motion")),
            Map.entry("score", Set.of("frame", "forecast")),
            Map.entry("preview", Set.of("frame", "forecast", "score")),
            Map.entry("train", Set.of("frame", "forecast", "source", "topic", "window", "motion", "model", "score")),
            Map.entry(
                    "pipeline",
                    Set.of(
                            "frame",
                            "forecast",
                            "source",
                            "topic",
                            "motion",
                            "window",
                            "batch",
                            "model",
                            "score",
                            "preview")),
            Map.entry(
                    "cli",
                    Set.of(
                            "frame",
                            "forecast",
                            "source",
                            "topic",
                            "motion",
                            "window",
                            "batch",
                            "model",
                            "score",
                            "preview",
                            "train",
                            "pipeline")));

    /** A library, and the only packages of ours that may touch it. */
    private static final Map<String, Set<String>> OUTSIDE_WORLD = Map.of(
            "org.bytedeco.ffmpeg..", Set.of("source"),
            "org.bytedeco.javacv..", Set.of("source"),
            "org.bytedeco.opencv..", Set.of("source", "motion"),
            "org.apache.kafka..", Set.of("topic"),
            "kafka..", Set.of("topic"),
            "ai.djl..", Set.of("model", "train"),
            "reactor.netty..", Set.of("preview"),
            "javax.swing..", Set.of("preview"),
            "picocli..", Set.of("cli"));

    private static JavaClasses framecast;

    @BeforeAll
    static void importClasses() {
        framecast = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.framecast");
        assertThat(framecast).isNotEmpty();
    }

    static Stream<String> packages() {
        return MAY_IMPORT.keySet().stream().sorted();
    }

    static Stream<String> libraries() {
        return OUTSIDE_WORLD.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("packages")
    void package_importsOnlyWhatItsRowAllows(String name) {
        var forbidden = packages()
                .filter(other -> !other.equals(name) && !MAY_IMPORT.get(name).contains(other))
                .map(other -> ROOT + other + "..")
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(ROOT + name + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden)
                .because("'" + name + "' may import only " + MAY_IMPORT.get(name)
                        + "; move what both need into the vocabulary (frame, forecast), or let 'pipeline' join them")
                .allowEmptyShould(true)
                .check(framecast);
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void library_isTouchedOnlyByItsPackages(String library) {
        var allowed = OUTSIDE_WORLD.get(library);
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        allowed.stream().map(name -> ROOT + name + "..").toArray(String[]::new))
                .should()
                .dependOnClassesThat(resideInAnyPackage(library))
                .because("only " + allowed + " may touch " + library
                        + "; give that package a method in our own vocabulary and call it")
                .allowEmptyShould(true)
                .check(framecast);
    }

    @Test
    void everyClass_belongsToARoomOfTheHouse() {
        var rooms = packages().map(name -> ROOT + name + "..").toArray(String[]::new);
        classes()
                .that(isOurs())
                .should()
                .resideInAnyPackage(rooms)
                .because("the rooms are " + Arrays.toString(rooms) + "; a new one is added to this test with its row")
                .check(framecast);
    }

    private static DescribedPredicate<JavaClass> isOurs() {
        return DescribedPredicate.describe(
                "are Framecast's", type -> type.getPackageName().startsWith("io.framecast"));
    }
}
