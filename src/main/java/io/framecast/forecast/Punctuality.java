package io.framecast.forecast;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * Whether the forecasts of one camera come in time. One is late if half of what it foretells is over when it comes; a
 * camera's forecasts are late when all of some seconds were, and in time again when all of some seconds are.
 *
 * @param isLate whether they are late
 * @param turning when forecasts began to come otherwise, in nanoseconds; empty while they come as before
 * @param age how old the newest was when it came, counted from its newest given frame
 * @param reach how far the newest looks ahead of that frame
 */
public record Punctuality(boolean isLate, OptionalLong turning, Duration age, Duration reach) {
    /** So long all forecasts must come otherwise before that counts. */
    public static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Nothing has come. */
    public static Punctuality start() {
        return new Punctuality(false, OptionalLong.empty(), Duration.ZERO, Duration.ZERO);
    }

    /**
     * A forecast has come.
     *
     * @param newAge how old it is, counted from its newest given frame
     * @param nanos the time, by a clock that is not set
     */
    public Punctuality with(Forecast forecast, Duration newAge, long nanos) {
        Duration newReach = forecast.interval().multipliedBy(forecast.frames().size());
        boolean comesLate = newAge.multipliedBy(2).compareTo(newReach) > 0;
        if (comesLate == isLate) {
            return new Punctuality(isLate, OptionalLong.empty(), newAge, newReach);
        }
        long since = turning.orElse(nanos);
        return nanos - since < PATIENCE.toNanos()
                ? new Punctuality(isLate, OptionalLong.of(since), newAge, newReach)
                : new Punctuality(comesLate, OptionalLong.empty(), newAge, newReach);
    }

    /** What is the matter while they are late, and the way out. */
    public String words() {
        return "forecasts are " + seconds(age) + " old when they come, and reach " + seconds(reach)
                + " ahead; give it fewer cameras, a longer --every, or more predictors";
    }

    private static String seconds(Duration time) {
        return Math.round(time.toMillis() / 100.0) / 10.0 + " s";
    }
}
