package io.framecast;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Holds the house: which room may import which, and where each library and the time of day may be touched. Every row
 * must be needed as it stands, so that none can be misspelt or outlive its reason.
 */
class ArchitectureTest {
    private static final String ROOT = "io.framecast";

    /** Each room, and the rooms it imports; only rooms of rows above it, so that there is no cycle. */
    private static final Map<String, Set<String>> ROOMS = rooms(
            "frame:",
            "forecast: frame",
            "source: frame",
            "source.ffmpeg: frame source",
            "source.scene: frame source",
            "source.reader: frame source source.ffmpeg source.scene",
            "camera: frame source",
            "topic: frame forecast",
            "topic.broker: topic",
            "worker: frame topic",
            "motion: frame forecast",
            "model.engine:",
            "model.onnx:",
            "model: frame forecast motion model.engine model.onnx",
            "predict: frame forecast topic worker",
            "score: frame forecast topic worker",
            "alert: frame forecast",
            "export: frame forecast source source.ffmpeg",
            "preview: frame forecast score",
            "preview.history: frame forecast export",
            "preview.draw: frame forecast export preview preview.history",
            "preview.clips: frame forecast export preview.history preview.draw",
            "preview.http: frame forecast score export preview preview.draw preview.history preview.clips",
            "preview.window: preview preview.draw",
            "data: frame source source.reader topic",
            "evaluate: frame forecast source motion predict score export data",
            "train: frame forecast model model.engine data evaluate",
            "node: frame forecast source source.reader camera topic topic.broker worker motion model model.engine"
                    + " predict score alert export preview preview.history preview.clips preview.http preview.window",
            "bench: frame forecast source source.ffmpeg source.reader topic model model.engine export preview"
                    + " preview.http data train node",
            "cli: frame forecast source source.ffmpeg camera topic model model.engine predict export preview.http"
                    + " data evaluate train alert node bench");

    /** Each library, and the only rooms that touch it. */
    private static final Map<String, Set<String>> LIBRARIES = rooms(
            "ai.djl: model model.engine train bench",
            "ai.onnx: model.onnx",
            "ch.qos.logback: cli",
            "com.fasterxml.jackson: camera topic alert model preview.http evaluate train bench cli",
            "com.google.protobuf: topic train model.onnx",
            "com.sun.jna: model model.engine",
            "io.micrometer: node",
            "io.netty: preview.http",
            "javax.crypto: alert",
            "javax.imageio: export evaluate train",
            "javax.net: topic",
            "javax.swing: preview.window",
            "kafka: topic.broker",
            "me.tongfei.progressbar: cli",
            "org.HdrHistogram: node",
            "org.apache.kafka: topic topic.broker worker node",
            "org.bytedeco.ffmpeg: source.ffmpeg",
            "org.bytedeco.javacv: source.ffmpeg",
            "org.bytedeco.javacpp: source.ffmpeg motion",
            "org.bytedeco.opencv: motion",
            "org.knowm.xchart: evaluate",
            "org.reactivestreams: preview.http",
            "picocli: cli",
            "reactor.core: source source.reader topic preview preview.http data node bench cli",
            "reactor.netty: preview.http",
            "reactor.util: node",
            "scala: topic.broker"); // pairs that Kafka's server gives

    /** At home everywhere. */
    private static final List<String> EVERYWHERE =
            List.of("java", "jdk", "org.jspecify.annotations", "org.slf4j", ROOT);

    /** Classes that ask for the time of day, each for a stamp or an age of stamps; durations are a Ticker's. */
    private static final Map<String, String> TIME_OF_DAY = Map.ofEntries(
            Map.entry("bench.PageViewer", "the age of frames that carry the time they were captured at"),
            Map.entry("bench.SoakBenchmark", "stamps the lines of its log"),
            Map.entry("cli.WayBack", "looks for forecasts of the last seconds, by their stamps"),
            Map.entry("node.CameraAdmin", "stamps its lines, by which changes are traced"),
            Map.entry("node.CameraStats", "how old frames are when Kafka has them"),
            Map.entry("node.CaptureRole", "stamps when a camera was paused"),
            Map.entry("node.Node", "since when the past is kept"),
            Map.entry("node.Overloads", "stamps when a camera began to be overloaded"),
            Map.entry("preview.CameraViews", "whether a forecast is ahead of now, and when something came"),
            Map.entry(
                    "preview.http.EventFeed",
                    "the ages it shows; how often it tells of cameras, whichever way the clock is set"),
            Map.entry("preview.http.PastRoutes", "says what now is, and shows the last seconds"),
            Map.entry("preview.http.PictureStreams", "the ages it shows"),
            Map.entry("preview.http.PreviewRoutes", "the ages it shows"),
            Map.entry("preview.window.PreviewWindow", "the ages it shows"),
            Map.entry("source.reader.Moment", "the one place where the time line of a source meets the time of day"),
            Map.entry("source.reader.StatusBoard", "stamps when a state of a camera began"),
            Map.entry("topic.ModelUses", "stamps when a model was asked for"),
            Map.entry("topic.CameraPublisher", "stamps status records"),
            Map.entry("topic.TopicReader", "reads the records of the last minutes, by their stamps"),
            Map.entry("train.EventFile", "stamps the events of TensorBoard"),
            Map.entry("train.Training", "the day on which a model was trained"),
            Map.entry("train.TrainingRecord", "stamps the events of TensorBoard"),
            Map.entry("worker.Intake", "when a frame was polled, one of a forecast's latency stamps"),
            Map.entry("worker.TransactionalWorker", "gives the intake its stamps"));

    private static final List<String> GENERATED = List.of("topic.proto", "train.proto");

    private static JavaClasses framecast;

    @BeforeAll
    static void importClasses() {
        framecast = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(ROOT);
        assertThat(framecast.size()).as("classes found").isGreaterThan(300);
    }

    private static Map<String, Set<String>> rooms(String... rows) {
        var rooms = new LinkedHashMap<String, Set<String>>();
        for (String row : rows) {
            String[] parts = row.split(":", -1);
            var names = new TreeSet<>(List.of(parts[1].trim().split(" ", -1)));
            names.remove("");
            assertThat(rooms.put(parts[0], names))
                    .as("a second row of " + parts[0])
                    .isNull();
        }
        return rooms;
    }

    private static Stream<JavaClass> ours() {
        return framecast.stream()
                .filter(type -> GENERATED.stream()
                        .noneMatch(name -> type.getPackageName().equals(ROOT + "." + name)));
    }

    /** The room of one of our classes; generated ones belong to the room they are generated for. */
    private static String room(JavaClass type) {
        String name = type.getPackageName().substring(ROOT.length()).replaceFirst("^\\.", "");
        return GENERATED.contains(name) ? name.substring(0, name.lastIndexOf('.')) : name;
    }

    private static boolean isOurs(JavaClass type) {
        return type.getPackageName().equals(ROOT) || type.getPackageName().startsWith(ROOT + ".");
    }

    private static Stream<Dependency> dependencies() {
        return ours().flatMap(type -> type.getDirectDependenciesFromSelf().stream());
    }

    @Test
    void rooms_haveARowEach_andAreInhabited() {
        var inhabited = new TreeSet<String>();
        ours().forEach(type -> inhabited.add(room(type)));
        assertThat(inhabited)
                .as("the rooms that have classes, and the rows of this test; a new room gets its row")
                .containsExactlyInAnyOrderElementsOf(ROOMS.keySet());
    }

    @Test
    void rows_importOnlyRoomsAbove_soThereIsNoCycle() {
        var above = new HashSet<String>();
        ROOMS.forEach((room, imports) -> {
            assertThat(above).as("rows above '" + room + "'").containsAll(imports);
            above.add(room);
        });
    }

    @Test
    void rooms_importWhatTheirRowsSay_noMoreAndNoLess() {
        var found = new TreeMap<String, Set<String>>();
        ROOMS.keySet().forEach(room -> found.put(room, new TreeSet<>()));
        var violations = new ArrayList<String>();
        dependencies().filter(use -> isOurs(use.getTargetClass())).forEach(use -> {
            String from = room(use.getOriginClass());
            String to = room(use.getTargetClass());
            if (!from.equals(to)) {
                found.computeIfAbsent(from, room -> new TreeSet<>()).add(to);
                if (!ROOMS.getOrDefault(from, Set.of()).contains(to)) {
                    violations.add(use.getDescription());
                }
            }
        });
        assertThat(violations)
                .as("imports that no row allows; move what both need into the vocabulary (frame, forecast), or let"
                        + " 'node' join the rooms")
                .isEmpty();
        found.forEach((room, imports) -> assertThat(imports)
                .as("what '" + room + "' imports; its row allows nothing that is not used")
                .containsExactlyInAnyOrderElementsOf(ROOMS.getOrDefault(room, Set.of())));
    }

    @Test
    void libraries_areTouchedWhereTheyAreAtHome_noMoreAndNoLess() {
        var found = new TreeMap<String, Set<String>>();
        LIBRARIES.keySet().forEach(library -> found.put(library, new TreeSet<>()));
        var violations = new TreeSet<String>();
        dependencies().forEach(use -> {
            JavaClass target = use.getTargetClass().getBaseComponentType();
            if (!target.isPrimitive() && !isEverywhere(target)) {
                String from = room(use.getOriginClass());
                Optional<String> library = library(target);
                library.ifPresent(name -> found.get(name).add(from));
                if (library.isEmpty() || !LIBRARIES.get(library.get()).contains(from)) {
                    violations.add(use.getDescription());
                }
            }
        });
        assertThat(violations)
                .as("uses of libraries that are not at home there; give their room a method in our own vocabulary and"
                        + " call it, or give a new library its row")
                .isEmpty();
        found.forEach((library, users) -> assertThat(users)
                .as("who uses " + library + "; its row names no room without need")
                .containsExactlyInAnyOrderElementsOf(LIBRARIES.get(library)));
    }

    private static boolean isEverywhere(JavaClass type) {
        return library(type).isEmpty() && EVERYWHERE.stream().anyMatch(name -> isIn(type, name));
    }

    private static Optional<String> library(JavaClass type) {
        return LIBRARIES.keySet().stream()
                .filter(name -> isIn(type, name))
                .max(Comparator.comparingInt(String::length));
    }

    private static boolean isIn(JavaClass type, String name) {
        return (type.getName() + ".").startsWith(name + ".");
    }

    @Test
    void durations_areATickers_andTheTimeOfDayIsAskedForByFew() {
        var asking = new TreeSet<String>();
        ours().forEach(type -> type.getAccessesFromSelf().stream()
                .filter(ArchitectureTest::isTimeOfDay)
                .forEach(access -> asking.add(outermost(access.getOriginOwner()))));
        assertThat(asking)
                .as("classes that ask for the time of day, which may be set while they run; measure durations with a"
                        + " Ticker, and give a class that needs a stamp its row with the reason")
                .containsExactlyInAnyOrderElementsOf(TIME_OF_DAY.keySet());
    }

    private static boolean isTimeOfDay(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        return switch (access.getTarget().getName()) {
            case "now" -> owner.startsWith("java.time.");
            case "currentTimeMillis" -> owner.equals("java.lang.System");
            case "instant", "millis" -> owner.equals("java.time.Clock") || owner.equals("java.time.InstantSource");
            case "systemUTC", "systemDefaultZone", "system", "tickSeconds", "tickMillis" ->
                owner.equals("java.time.Clock") || owner.equals("java.time.InstantSource");
            default -> false;
        };
    }

    private static String outermost(JavaClass type) {
        return type.getName().substring(ROOT.length() + 1).replaceFirst("\\$.*", "");
    }
}
