package io.framecast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.framecast.forecast.ModelVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WayBackTest {
    private static final WayBack.Titles TITLES = name -> Optional.ofNullable(
                    Map.of("mixture", "flow-mixture", "broken", "broken", "persistence", "persistence")
                            .get(name))
            .map(title -> new ModelVersion(title, name.equals("broken") ? "2" : "1"));

    private static String choose(List<String> names, String... running) {
        var models =
                Stream.of(running).map(title -> new ModelVersion(title, "1")).collect(Collectors.toSet());
        return WayBack.choose(names, models, TITLES);
    }

    @Test
    void choose_newestRuns_isThat() {
        assertThat(choose(List.of("mixture", "persistence"), "flow-mixture")).isEqualTo("mixture");
    }

    @Test
    void choose_newestWasRefused_isTheOneThatRuns() {
        assertThat(choose(List.of("broken", "elsewhere", "mixture", "persistence"), "flow-mixture"))
                .isEqualTo("mixture");
    }

    @Test
    void choose_newestIsAnotherVersionOfTheOneThatRuns_isTheOneThatRuns() {
        assertThat(choose(List.of("broken", "persistence"), "broken", "persistence"))
                .isEqualTo("persistence");
    }

    @Test
    void choose_onlyTheFirstRuns_isThat() {
        assertThat(choose(List.of("broken", "persistence"), "persistence")).isEqualTo("persistence");
    }

    @Test
    void choose_titleOfTheOneThatRunsIsUnknownHere_isThatOne() {
        assertThat(choose(List.of("broken", "/models/theirs", "persistence"), "theirs"))
                .isEqualTo("/models/theirs");
    }

    @Test
    void choose_noForecasts_isTheNewest() {
        assertThat(choose(List.of("broken", "persistence"))).isEqualTo("broken");
    }
}
