package io.framecast.node;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.Forecaster;
import io.framecast.forecast.ModelVersion;
import io.framecast.forecast.Window;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Forecasts the grey of the last frame, as slowly as a test wants, for frames of one shape only. */
final class GreyForecaster implements Forecaster {
    static final FrameShape SHAPE = new FrameShape(2, 2, 3);

    private final int contextLength;
    private final Duration call;

    GreyForecaster(int contextLength, Duration call) {
        this.contextLength = contextLength;
        this.call = call;
    }

    @Override
    public ModelVersion model() {
        return new ModelVersion("grey", "1");
    }

    @Override
    public int contextLength() {
        return contextLength;
    }

    @Override
    public Optional<FrameShape> takes() {
        return Optional.of(SHAPE);
    }

    @Override
    public List<Forecast> forecast(List<Window> windows) {
        takeTime();
        return windows.stream().map(this::grey).toList();
    }

    /** A model call takes time, whatever it does; nobody counts this down. */
    private void takeTime() {
        try {
            boolean interrupted = new CountDownLatch(1).await(call.toMillis(), TimeUnit.MILLISECONDS);
            assert !interrupted;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Forecast grey(Window window) {
        var bytes = new byte[SHAPE.bytes()];
        Arrays.fill(bytes, (byte) window.last().pixels().at(0));
        return new Forecast(
                window.origin(),
                model(),
                window.length(),
                window.interval(),
                SHAPE,
                Collections.nCopies(Forecast.HORIZON, Pixels.copyOf(bytes)),
                Optional.empty());
    }
}
