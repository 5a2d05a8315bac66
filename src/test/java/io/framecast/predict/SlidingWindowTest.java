package io.framecast.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.framecast.frame.CameraId;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameOrder;
import io.framecast.frame.FrameShape;
import io.framecast.frame.FrameTime;
import io.framecast.frame.Frames;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SlidingWindowTest {
    @Test
    void due_everyFifth_startsWithTheFirstFullWindow() {
        assertThat(dueAt(10, 5, 0, 25)).containsExactly(9L, 14L, 19L, 24L);
    }

    @Test
    void due_notYetFull_isNot() {
        assertThat(dueAt(10, 1, 0, 9)).isEmpty();
    }

    @Test
    void due_aDroppedDueFrame_movesToTheNext() {
        var window = new SlidingWindow(new CameraId("a"), 3, 4);
        var due = new ArrayList<Long>();
        LongStream.of(0, 1, 2, 3, 4, 5, 7, 8, 9, 10).forEach(sequence -> offer(window, Frames.of("a", sequence), due));
        assertThat(due).containsExactly(2L, 7L, 10L);
    }

    @Test
    void due_startedInTheMiddle_fallsOnTheSameFrames() {
        assertThat(dueAt(10, 5, 7, 30)).as("a window read back from frame 7").containsExactly(19L, 24L, 29L);
    }

    @Test
    void add_newEpoch_startsEmptyAndNeverSpans() {
        var window = new SlidingWindow(new CameraId("a"), 3, 1);
        var due = new ArrayList<Long>();
        for (long sequence = 0; sequence < 5; sequence++) {
            offer(window, Frames.of("a", sequence), due);
        }
        for (long sequence = 0; sequence < 4; sequence++) {
            offer(window, Frames.of("a", Frames.EPOCH + 7, sequence, FrameShape.STANDARD), due);
        }
        assertThat(due).containsExactly(2L, 3L, 4L, 2L, 3L);
    }

    @Test
    void add_aLeap_startsEmpty() {
        var window = new SlidingWindow(new CameraId("a"), 3, 1);
        window.add(Frames.of("a", 5));
        window.add(Frames.of("a", 5 + FrameOrder.LEAP));
        assertThat(window.size()).isEqualTo(2);
        window.add(Frames.of("a", 6 + 2 * FrameOrder.LEAP));
        assertThat(window.size()).isEqualTo(1);
    }

    @Test
    void add_capturedNoLater_startsEmpty() {
        var window = new SlidingWindow(new CameraId("a"), 3, 1);
        Frame first = Frames.of("a", 5);
        window.add(first);
        window.add(new Frame(first.camera(), first.epoch(), 6, first.time(), first.shape(), first.pixels()));
        assertThat(window.size()).isEqualTo(1);
    }

    @Test
    void add_otherShape_startsEmpty() {
        var window = new SlidingWindow(new CameraId("a"), 3, 1);
        window.add(Frames.of("a", 0));
        window.add(Frames.of("a", Frames.EPOCH, 1, new FrameShape(32, 32, 3)));
        assertThat(window.size()).isEqualTo(1);
    }

    @Test
    void due_ofOneFrame_isThatFrame() {
        assertThat(dueAt(1, 2, 0, 5)).containsExactly(0L, 2L, 4L);
    }

    @Test
    void due_whileItGrows_holdsAllThereIs() {
        var window = new SlidingWindow(new CameraId("a"), 8, 3, 4);
        var lengths = new ArrayList<Integer>();
        for (long sequence = 0; sequence < 14; sequence++) {
            window.add(Frames.of("a", sequence));
            window.due().ifPresent(ready -> lengths.add(ready.length()));
        }
        assertThat(lengths).as("at frames 3, 6, 9 and 12").containsExactly(4, 7, 8, 8);
    }

    @Test
    void due_afterALeapWithinAnEpoch_waitsForTheFewest() {
        var window = new SlidingWindow(new CameraId("a"), 8, 1, 4);
        var lengths = new ArrayList<Integer>();
        for (long sequence = 0; sequence < 5; sequence++) {
            window.add(Frames.of("a", 10 + FrameOrder.LEAP + sequence));
            window.due().ifPresent(ready -> lengths.add(ready.length()));
        }
        assertThat(lengths).containsExactly(4, 5);
    }

    @Test
    void due_ofASlowCamera_holdsNoMoreThanItMust_ofWhatIsLongAgo() {
        var window = new SlidingWindow(new CameraId("a"), 8, 1, 4);
        var lengths = new ArrayList<Integer>();
        for (long sequence = 0; sequence < 10; sequence++) {
            Frame frame = Frames.of("a", sequence);
            var time = new FrameTime(
                    Frames.of("a", 0)
                            .captureTime()
                            .plus(SlidingWindow.LONGEST.dividedBy(5).multipliedBy(sequence)),
                    frame.time().clock(),
                    frame.time().pts());
            window.add(new Frame(frame.camera(), frame.epoch(), sequence, time, frame.shape(), frame.pixels()));
            window.due().ifPresent(ready -> lengths.add(ready.length()));
        }
        assertThat(lengths).containsExactly(4, 5, 6, 6, 6, 6, 6);
    }

    @Test
    void lengthBelowOne_isRefused() {
        assertThatThrownBy(() -> new SlidingWindow(new CameraId("a"), 0, 1)).hasMessageContaining("window of 0 frames");
    }

    private static List<Long> dueAt(int length, int every, long from, long to) {
        var window = new SlidingWindow(new CameraId("a"), length, every);
        var due = new ArrayList<Long>();
        LongStream.range(from, to).forEach(sequence -> offer(window, Frames.of("a", sequence), due));
        return due;
    }

    private static void offer(SlidingWindow window, Frame frame, List<Long> due) {
        window.add(frame);
        window.due().ifPresent(ready -> due.add(ready.last().sequence()));
    }
}
