package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code models use} on a run of its own process, with its embedded broker. */
class ModelsUseIT {
    private static final Duration DEADLINE = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    @BeforeEach
    void copyModels() throws IOException {
        copy(Path.of("models", "flow-mixture"), folder.resolve("models/mixture"));
        copy(Path.of("models", "flow-mixture"), folder.resolve("theirs/elsewhere"));
        copy(Path.of("models", "flow-mixture"), folder.resolve("theirs/broken"));
        copy(Path.of("models", "flow-mixture"), folder.resolve("models/broken"));
        Files.writeString(folder.resolve("models/broken/weights.npz"), "no weights");
        for (String other : new String[] {"theirs/elsewhere", "theirs/broken", "models/broken"}) {
            rename(folder.resolve(other).resolve("model.yaml"));
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        for (String file : new String[] {"model.yaml", "weights.npz"}) {
            Files.copy(from.resolve(file), to.resolve(file));
        }
    }

    private static void rename(Path description) throws IOException {
        String name = String.valueOf(description.resolveSibling("").getFileName());
        Files.writeString(description, Files.readString(description).replaceFirst("(?m)^name: .*$", "name: " + name));
    }

    private FramecastProcess run() {
        return FramecastProcess.start(
                folder,
                "run street=test:street --model persistence --models-dir models --port 0 --kafka-port 0 --data-dir data"
                        .split(" "));
    }

    private Invocation use(String arguments) {
        return Invocation.in(
                folder,
                Stream.of("models", "use", arguments, "--data-dir ./data")
                        .flatMap(words -> Stream.of(words.split(" ")))
                        .toArray(String[]::new));
    }

    private static String metrics(String page) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(page + "metrics")).build(), BodyHandlers.ofString())
                .body();
    }

    @Test
    void use_whileItRuns_changesTheModel_andStaysSoOverARestart() throws Exception {
        try (var run = run()) {
            String page = run.line("preview +(http\\S+)", DEADLINE).group(1);
            run.line("forecast .*", DEADLINE);

            Invocation changed = use("mixture --models-dir ./models");
            assertThat(changed.exitCode()).as(changed::toString).isZero();
            assertThat(changed.output())
                    .contains(
                            "framecast.predict.persistence is to run mixture; it has 1 predictor",
                            "the first forecast of flow-mixture 7 is there, of street",
                            "to go back, with the other options given here: framecast models use persistence --of"
                                    + " persistence");
            run.line("model     persistence 1 -> flow-mixture 7", DEADLINE);
            assertThat(metrics(page))
                    .contains("framecast_model_running{model=\"flow-mixture\",version=\"7\"} 1")
                    .doesNotContain("framecast_model_running{model=\"persistence\"");

            Invocation repeated = use("mixture --models-dir ./models");
            assertThat(repeated.exitCode()).isZero();
            assertThat(repeated.output()).noneMatch(line -> line.startsWith("to go back"));
            assertThat(run.output())
                    .as("it runs already")
                    .filteredOn(line -> line.contains(" -> "))
                    .hasSize(1);

            Invocation absent = use("elsewhere --models-dir ./theirs --wait 1s");
            assertThat(absent.exitCode()).isZero();
            run.line(
                    "model     stays flow-mixture 7, 'elsewhere' cannot run here: model 'elsewhere' is unknown.*",
                    DEADLINE);
            assertThat(metrics(page)).contains("framecast_model_refused 1");

            use("broken --models-dir ./theirs --wait 1s");
            run.line(
                    "model     stays flow-mixture 7, 'broken' cannot run here: weights .*weights.npz are damaged.*",
                    DEADLINE);

            assertThat(use("persistence --models-dir ./models").output())
                    .as("back to the model that runs, not to one that was refused")
                    .contains("to go back, with the other options given here: framecast models use mixture --of"
                            + " persistence");
            run.line("model     flow-mixture 7 -> persistence 1", DEADLINE);
            assertThat(metrics(page)).contains("framecast_model_refused 0");
            assertThat(use("flow-fade").output())
                    .contains("to go back, with the other options given here: framecast models use persistence --of"
                            + " persistence");
            use("mixture --models-dir ./models");
            run.line("model     flow-fade 1 -> flow-mixture 7", DEADLINE);
            run.interrupt();
            assertThat(run.exitCode(DEADLINE)).isZero();
        }
        try (var again = run()) {
            again.line("model     persistence 1 -> flow-mixture 7", DEADLINE);
            String page = again.line("preview +(http\\S+)", DEADLINE).group(1);
            await().atMost(DEADLINE)
                    .until(() -> metrics(page).contains("framecast_forecasts_total{camera=\"street\"}"));
        }
    }

    @Test
    void use_ofWhatIsNotThere_isOneLineWithAWayOut() {
        try (var run = run()) {
            run.line("forecast .*", DEADLINE);
            refused("mixtur --models-dir ./models", 2, "model 'mixtur' is unknown: did you mean 'mixture'?");
            refused("something --models-dir ./models", 1, "model 'something' is unknown: there are");
            refused("mixture --models-dir ./models --of persistenc", 2, "did you mean 'persistence'?");
            refused("mixture --models-dir ./models --group mine", 2, "never had predictors of the --group 'mine'");
            assertThat(run.output()).noneMatch(line -> line.contains(" -> ") || line.contains("stays"));
        }
    }

    private void refused(String arguments, int code, String words) {
        Invocation call = use(arguments);
        assertThat(call.exitCode()).as(call::toString).isEqualTo(code);
        assertThat(call.errors()).singleElement().asString().contains(words);
    }
}
