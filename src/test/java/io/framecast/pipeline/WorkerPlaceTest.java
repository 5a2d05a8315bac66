package io.framecast.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.framecast.topic.BrokerException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerPlaceTest {
    @TempDir
    Path folder;

    @Test
    void claim_again_isAnotherPlace() {
        try (var first = WorkerPlace.claim(folder);
                var second = WorkerPlace.claim(folder)) {
            assertThat(second.name()).isNotEqualTo(first.name());
        }
    }

    @Test
    void claim_afterItsHolderHasGone_isTheSamePlace() {
        String name;
        try (var first = WorkerPlace.claim(folder)) {
            name = first.name();
        }
        try (var successor = WorkerPlace.claim(folder)) {
            assertThat(successor.name()).isEqualTo(name);
        }
    }

    @Test
    void claim_inAnotherDirectory_neverHasTheSameName() {
        try (var here = WorkerPlace.claim(folder.resolve("here"));
                var there = WorkerPlace.claim(folder.resolve("there"))) {
            assertThat(there.name()).isNotEqualTo(here.name());
        }
    }

    @Test
    void claim_whereNothingCanBeWritten_saysTheWayOut() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> WorkerPlace.claim(file))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("--data-dir");
    }
}
