package io.framecast.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.framecast.topic.BrokerException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerSlotTest {
    @TempDir
    Path folder;

    @Test
    void claim_again_isAnotherSlot() {
        try (var first = WorkerSlot.claim(folder);
                var second = WorkerSlot.claim(folder)) {
            assertThat(second.name()).isNotEqualTo(first.name());
        }
    }

    /** A lock of POSIX is the process's, and is given up when any channel on its file is closed. */
    @Test
    void claim_againAndGivenBack_leavesTheFirstToItsHolder() throws Exception {
        try (var first = WorkerSlot.claim(folder)) {
            String second;
            try (var given = WorkerSlot.claim(folder)) {
                second = given.name();
            }
            assertThat(claimedByAnotherProcess()).isEqualTo(second).isNotEqualTo(first.name());
        }
    }

    private String claimedByAnotherProcess() throws Exception {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Claim.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String name = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).isZero();
        return name;
    }

    /** Another process: says the name of the slot it gets. */
    static final class Claim {
        @SuppressWarnings("SystemOut") // it is how the process answers
        public static void main(String[] args) {
            try (var slot = WorkerSlot.claim(Path.of(args[0]))) {
                System.out.println(slot.name());
            }
        }
    }

    @Test
    void claim_afterItsHolderHasGone_isTheSameSlot() {
        String name;
        try (var first = WorkerSlot.claim(folder)) {
            name = first.name();
        }
        try (var successor = WorkerSlot.claim(folder)) {
            assertThat(successor.name()).isEqualTo(name);
        }
    }

    @Test
    void claim_inAnotherDirectory_neverHasTheSameName() {
        try (var here = WorkerSlot.claim(folder.resolve("here"));
                var there = WorkerSlot.claim(folder.resolve("there"))) {
            assertThat(there.name()).isNotEqualTo(here.name());
        }
    }

    @Test
    void claim_whereNothingCanBeWritten_saysTheWayOut() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> WorkerSlot.claim(file))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("--data-dir");
    }
}
