package io.framecast.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DoneOffsetsTest {
    @Test
    void next_isTheFirstThatIsNotDone() {
        var offsets = new DoneOffsets(10, "");
        for (long offset = 10; offset < 15; offset++) {
            assertThat(offsets.isDone(offset)).isFalse();
        }
        offsets.finish(10);
        offsets.finish(12);

        assertThat(offsets.next()).isEqualTo(11);

        offsets.finish(11);
        assertThat(offsets.next()).isEqualTo(13);
    }

    @Test
    void successor_knowsWhatWasDoneOutOfTurn() {
        var offsets = new DoneOffsets(10, "");
        for (long offset = 10; offset < 15; offset++) {
            offsets.isDone(offset);
        }
        offsets.finish(12);
        offsets.finish(14);

        var successor = new DoneOffsets(offsets.next(), offsets.metadata());

        assertThat(successor.isDone(10)).isFalse();
        assertThat(successor.isDone(11)).isFalse();
        assertThat(successor.isDone(12)).isTrue();
        assertThat(successor.isDone(13)).isFalse();
        assertThat(successor.isDone(14)).isTrue();
        assertThat(successor.isDone(15)).isFalse();
    }

    @Test
    void handedOnAgainAndAgain_everyRecordIsDoneOnce() {
        var random = new Random(4);
        var offsets = new DoneOffsets(0, "");
        var finished = new HashSet<Long>();
        var open = new HashSet<Long>();
        long read = 0;
        for (int turn = 0; turn < 3000; turn++) {
            if (!offsets.isDone(read)) {
                open.add(read);
            }
            read++;
            for (long offset :
                    open.stream().filter(any -> random.nextInt(5) == 0).toList()) {
                open.remove(offset);
                offsets.finish(offset);
                assertThat(finished.add(offset)).as("offset " + offset).isTrue();
            }
            if (turn % 7 == 0) {
                offsets.committed();
            }
            if (turn % 50 == 0) { // another worker goes on from what was committed
                offsets = new DoneOffsets(offsets.next(), offsets.metadata());
                read = offsets.next();
                open.clear();
            }
            assertThat(offsets.metadata().length()).isLessThan(4096);
        }
        assertThat(finished).hasSizeGreaterThan(2000);
        for (long offset = 0; offset < offsets.next(); offset++) {
            assertThat(finished).contains(offset);
        }
    }

    @Test
    void metadataOfAnotherProgram_meansNothingIsDone() {
        assertThat(new DoneOffsets(3, "not base64!").isDone(3)).isFalse();
    }
}
