package io.framecast.predict;

import static org.assertj.core.api.Assertions.assertThat;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.Forecaster;
import io.framecast.forecast.ModelVersion;
import io.framecast.forecast.Window;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunningModelTest {
    private final List<String> told = new ArrayList<>();

    /** A model that counts how often it is closed. */
    private static final class Model implements Forecaster {
        private final String name;
        private final int contextLength;
        private int closed;

        private final int least;

        private Model(String name, int contextLength) {
            this(name, contextLength, contextLength);
        }

        private Model(String name, int least, int contextLength) {
            this.name = name;
            this.least = least;
            this.contextLength = contextLength;
        }

        @Override
        public int leastContextLength() {
            return least;
        }

        @Override
        public ModelVersion model() {
            return new ModelVersion(name, "1");
        }

        @Override
        public int contextLength() {
            return contextLength;
        }

        @Override
        public List<Forecast> forecast(List<Window> windows) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            closed++;
        }
    }

    private final Model first = new Model("first", 4);
    private final RunningModel running =
            new RunningModel(first, (before, after) -> told.add(before.name() + " -> " + after.name()));

    @Test
    void change_withoutAnother_doesNothing() {
        assertThat(running.change(true)).isFalse();
        assertThat(running.current()).isSameAs(first);
        assertThat(told).isEmpty();
    }

    @Test
    void change_toOneOfTheSameLength_closesTheFirst_andTells() {
        var second = new Model("second", 4);
        running.replaceWith(second);
        assertThat(running.current()).as("not before its turn").isSameAs(first);
        assertThat(running.change(false)).isFalse();
        assertThat(running.current()).isSameAs(second);
        assertThat(first.closed).isEqualTo(1);
        assertThat(told).containsExactly("first -> second");
        assertThat(running.firstContextLength()).isEqualTo(4);
    }

    @Test
    void change_toOneThatNeedsMoreFrames_waitsUntilNoWindowIsTooShort() {
        var growing = new RunningModel(new Model("growing", 2, 9));
        growing.replaceWith(new Model("same", 4, 9));
        assertThat(growing.change(false)).isFalse();
        assertThat(growing.change(true)).as("reads nothing again").isFalse();
        assertThat(growing.current().model().name()).isEqualTo("same");
        growing.close();
    }

    @Test
    void change_toOneOfAnotherLength_waitsUntilItMay() {
        var longer = new Model("longer", 9);
        running.replaceWith(longer);
        assertThat(running.change(false)).isFalse();
        assertThat(running.current()).isSameAs(first);
        assertThat(running.change(true)).isTrue();
        assertThat(running.current()).isSameAs(longer);
        assertThat(running.firstContextLength())
                .as("the group keeps its due frames")
                .isEqualTo(4);
    }

    @Test
    void replaceWith_twice_closesTheOneThatNeverRan() {
        var second = new Model("second", 4);
        running.replaceWith(second);
        running.replaceWith(new Model("third", 4));
        assertThat(second.closed).isEqualTo(1);
        running.change(false);
        assertThat(told).containsExactly("first -> third");
    }

    @Test
    void close_closesBoth_once_andWhatComesLater() {
        var second = new Model("second", 4);
        running.replaceWith(second);
        running.close();
        running.close();
        var late = new Model("late", 4);
        running.replaceWith(late);
        assertThat(List.of(first.closed, second.closed, late.closed)).containsExactly(1, 1, 1);
    }
}
