package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.framecast.export.ForecastStrip;
import io.framecast.node.RoleRights;
import io.framecast.source.SourceFailure;
import io.framecast.topic.KafkaFailure;
import io.framecast.topic.TopicRight.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What README and docs say, against what there is. */
class DocsTest {
    private static final Path DOCS = Path.of("docs");
    private static final Path HTTP = Path.of("src/main/java/io/framecast/preview/http");
    private static final Pattern ROUTE = Pattern.compile(
            "(?:case |equals\\(|endsWith\\(|ROOT = |PICTURE = )\"(/?[a-z]+(?:/[a-z]+)*(?:\\.[a-z0-9]+)?)\"");
    private static final List<String> KAFKA_LINES = List.of(
            "topic/KafkaConnection.java",
            "topic/ModelUses.java",
            "topic/TopicAccess.java",
            "topic/TopicAdmin.java",
            "topic/TopicCreation.java",
            "worker/Failures.java");
    private static final Pattern BLOCK = Pattern.compile("(?s)```sh\\n(.*?)```");
    private static final Pattern COMMAND = Pattern.compile("(?:^|&& )(?:[A-Z_]+=\\S+ )*\\./framecast (.*)");
    private static final Pattern WORD = Pattern.compile("\"[^\"]*\"|'[^']*'|[^\\s]+");

    private static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(DOCS)) {
            var pages = new ArrayList<>(files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList());
            pages.add(Path.of("README.md"));
            return pages;
        }
    }

    /** A command as a page has it. */
    private record Typed(Path page, String arguments) {
        @Override
        public String toString() {
            return page + ": " + arguments;
        }
    }

    static Stream<Typed> commands() throws IOException {
        var typed = new ArrayList<Typed>();
        for (Path page : pages()) {
            BLOCK.matcher(Files.readString(page))
                    .results()
                    .flatMap(block -> block.group(1).lines())
                    .forEach(line -> COMMAND.matcher(line.replaceAll("\\$\\([^)]*\\)\\)?", "VALUE")
                                    .replaceAll(" +# .*| > \\S+$", ""))
                            .results()
                            .forEach(command ->
                                    typed.add(new Typed(page, command.group(1).strip()))));
        }
        return typed.stream();
    }

    private static List<String> words(Typed typed) {
        return WORD.matcher(typed.arguments())
                .results()
                .map(word -> word.group().replaceAll("^[\"']|[\"']$", ""))
                .toList();
    }

    /** The commands of all pages, each once, as the words of a command line. */
    static Stream<List<String>> commandLines() throws IOException {
        return commands().map(DocsTest::words).distinct();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void command_isTaken(Typed typed) {
        String[] arguments = words(typed).toArray(String[]::new);
        CommandLine line = Main.commandLine(arguments, Map.of());
        assertThat(line.parseArgs(arguments).errors()).isEmpty();
    }

    @Test
    void commands_areFound() throws IOException {
        assertThat(commands()).hasSizeGreaterThan(25);
    }

    @Test
    void links_leadSomewhere() throws IOException {
        assertThat(pages().stream().flatMap(page -> PageLinks.broken(page).stream()))
                .isEmpty();
    }

    @Test
    void operating_listsTheRightsOfEachRole() throws IOException {
        List<String> page = Files.readAllLines(DOCS.resolve("operating.md"));
        for (RoleRights rights : RoleRights.all("framecast", Path.of("models"), "MODEL", "framecast.predict.MODEL")) {
            String group = rights.group().map(name -> "`" + name + "` ").orElse("");
            assertThat(page)
                    .contains("| " + rights.role() + " | " + topics(rights, Operation.READ) + "| "
                            + topics(rights, Operation.WRITE) + "| " + group + "|");
        }
    }

    private static String topics(RoleRights rights, Operation operation) {
        String names = rights.topics().stream()
                .filter(right -> right.operation() == operation)
                .map(right -> right.topic().title())
                .sorted()
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "" : names + " ";
    }

    @Test
    void everyPage_isOpenedFromTheReadme() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        try (Stream<Path> pages = Files.list(DOCS)) {
            assertThat(pages.filter(page -> page.toString().endsWith(".md")))
                    .isNotEmpty()
                    .allMatch(page -> readme.contains("(" + page + ")"));
        }
    }

    /** Addresses in the code that answers: {@code case "live.png"}, {@code equals("/events")} and the like. */
    static Stream<String> routes() throws IOException {
        var routes = new TreeSet<String>();
        for (String name : List.of("PreviewRoutes", "PastRoutes", "PreviewHandler", "ControlRoutes")) {
            ROUTE.matcher(Files.readString(HTTP.resolve(name + ".java")))
                    .results()
                    .map(route -> route.group(1))
                    .forEach(routes::add);
        }
        return routes.stream();
    }

    @ParameterizedTest
    @MethodSource("routes")
    void http_hasEveryRoute(String route) throws IOException {
        assertThat(Files.readAllLines(DOCS.resolve("http.md")))
                .anyMatch(row -> row.matches("\\| `[^|]*" + Pattern.quote(route) + "`.*"));
    }

    @Test
    void routes_areFound() throws IOException {
        assertThat(routes()).contains("/cameras", "live.png", "history.json", "/preview.mjpg", "/api/cameras");
    }

    @Test
    void http_hasEveryLayoutOfTheSheet() throws IOException {
        assertThat(Files.readString(DOCS.resolve("http.md"))).contains("`?layout=row`", "`grid`");
        assertThat(ForecastStrip.values()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void troubleshooting_hasEverySourceFailure(SourceFailure failure) throws IOException {
        Object[] details = new Object[3];
        Arrays.fill(details, "…");
        String[] sentence = failure.words(details).split(": (?![^(]*\\))", 2);
        assertThat(Files.readAllLines(DOCS.resolve("troubleshooting.md")))
                .anyMatch(row -> row.startsWith("| … " + sentence[0] + " |")
                        && (sentence.length == 1 || row.endsWith("| " + sentence[1] + " |")));
    }

    @ParameterizedTest
    @EnumSource
    void troubleshooting_hasEveryFailureOfKafka(KafkaFailure failure) throws IOException {
        assertThat(Files.readAllLines(DOCS.resolve("troubleshooting.md")))
                .anyMatch(row -> row.endsWith("| " + failure.wayOut() + " |"));
    }

    /** What the table says that lines say, between the parts that differ. */
    static Stream<String> wordsOfKafkaLines() throws IOException {
        String page = Files.readString(DOCS.resolve("troubleshooting.md"));
        return page.substring(page.indexOf("## Kafka"))
                .lines()
                .filter(row -> row.startsWith("| ") && !row.startsWith("| what "))
                .map(row -> row.split("\\|", -1)[1].strip())
                .flatMap(line -> Stream.of(line.split(" on …|[…:()]", -1)))
                .map(String::strip)
                .filter(words -> !words.isEmpty())
                .distinct();
    }

    @ParameterizedTest
    @MethodSource("wordsOfKafkaLines")
    void troubleshooting_quotesWhatIsSaidOfKafka(String words) {
        assertThat(KAFKA_LINES)
                .as("the files that say '%s'", words)
                .anyMatch(file -> joined(read(file)).contains(words));
    }

    /** Code with the strings in it joined over its lines. */
    private static String joined(String code) {
        return code.replaceAll("\"\\s*\\+\\s*\"", "");
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of("src/main/java/io/framecast").resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
