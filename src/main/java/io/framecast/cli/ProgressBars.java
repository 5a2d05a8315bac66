package io.framecast.cli;

import io.framecast.train.TrainingProgress;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Shows a person how a training goes: a bar with rate and time left; every half minute a line where no terminal is. */
final class ProgressBars implements TrainingProgress, AutoCloseable {
    private static final int EVERY_MILLIS = 250;
    private static final int EVERY_MILLIS_AS_LINES = 30_000;
    private static final int LINE = 100;

    private @Nullable ProgressBar bar;

    /** A bar for something else, which counts up to {@code all}. */
    static ProgressBar of(String task, String unit, int done, int all) {
        var builder = new ProgressBarBuilder()
                .setTaskName(task)
                .setUnit(" " + unit, 1)
                .setInitialMax(all)
                .startsFrom(done, Duration.ZERO)
                .setStyle(ProgressBarStyle.ASCII)
                .setMaxRenderedLength(LINE)
                .setUpdateIntervalMillis(Console.isTerminal() ? EVERY_MILLIS : EVERY_MILLIS_AS_LINES)
                .showSpeed();
        builder.setConsumer(Console.progress());
        return builder.build();
    }

    @Override
    public void started(int done, int all) {
        close();
        bar = of("train", "steps", done, all);
    }

    @Override
    public void stepped(int step, double loss) {
        if (bar != null) {
            bar.setExtraMessage(String.format(Locale.ROOT, "loss %.4g", loss));
            bar.stepTo(step);
        }
    }

    @Override
    public void said(String line) {
        Console.sayAboveProgress(line);
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
