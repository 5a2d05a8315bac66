package io.framecast.evaluate;

import io.framecast.data.Recording;
import io.framecast.forecast.Forecast;
import io.framecast.forecast.Forecaster;
import io.framecast.forecast.Persistence;
import io.framecast.forecast.PixelError;
import io.framecast.forecast.Window;
import io.framecast.frame.Pixels;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Forecasts the same windows with the model in use and with a challenger, and judges which is better. */
public final class Challenge {
    private static final String PERSISTENCE = "persistence";
    private static final String CHAMPION = "champion";
    private static final String CHALLENGER = "challenger";

    /** Nine horizons at 10 frames a second: what one block shows says little of the next. */
    private static final Duration BLOCK = Duration.ofSeconds(30);

    private static final int EVERY = 10;
    private static final int BLOCKS_A_CAMERA = 5;

    private final Forecaster champion;
    private final Forecaster challenger;
    private final Consumer<String> warnings;
    private final Map<String, PairedErrors.OfCamera> cameras = new TreeMap<>();

    /**
     * Prepares it.
     *
     * @param champion the model in use
     * @param challenger the other
     * @param warnings takes a line for each camera that is left out
     */
    public Challenge(Forecaster champion, Forecaster challenger, Consumer<String> warnings) {
        this.champion = champion;
        this.challenger = challenger;
        this.warnings = warnings;
    }

    /**
     * What to say before a long training whose result cannot win, because too little will be judged.
     *
     * @param cameras how many are judged
     * @param time how much of each
     */
    public static Optional<String> shortage(int cameras, Duration time) {
        long blocks = cameras * (time.toSeconds() / BLOCK.toSeconds());
        return blocks >= ChallengeReport.LEAST_BLOCKS
                ? Optional.empty()
                : Optional.of("only " + time.toSeconds() + " s of " + cameras + (cameras == 1 ? " camera" : " cameras")
                        + " will be judged, too few for a challenger to win: let capture go on, or raise"
                        + " --judged-share");
    }

    /**
     * Forecasts and judges.
     *
     * @param recordings one of each camera, which neither model was trained on
     * @param seed of the interval
     */
    public ChallengeReport judge(List<Recording> recordings, long seed) {
        var models = new LinkedHashMap<String, Forecaster>();
        models.put(PERSISTENCE, new Persistence());
        models.put(CHAMPION, champion);
        models.put(CHALLENGER, challenger);
        var config = new EvaluationConfig(
                Math.max(champion.leastContextLength(), challenger.leastContextLength()),
                /* asLive= */ true,
                Forecast.HORIZON,
                EVERY);
        new Evaluation(config, models, this::add, warnings).run(recordings, done -> {});
        cameras.entrySet().removeIf(camera -> {
            int blocks = camera.getValue().blocks().size();
            boolean moves = Double.isFinite(camera.getValue().sum().difference());
            if (blocks < BLOCKS_A_CAMERA || !moves) {
                warnings.accept("camera " + camera.getKey()
                        + (moves
                                ? " has windows in " + blocks + " stretches of 30 s, fewer than " + BLOCKS_A_CAMERA
                                : " shows nothing that moves")
                        + " (left out)");
            }
            return blocks < BLOCKS_A_CAMERA || !moves;
        });
        return ChallengeReport.of(champion.model(), challenger.model(), cameras, seed);
    }

    private void add(String camera, Window window, List<Pixels> truth, Map<String, Forecast> forecasts) {
        var errors = new PairedErrors(
                1,
                error(Objects.requireNonNull(forecasts.get(PERSISTENCE)), truth),
                error(Objects.requireNonNull(forecasts.get(CHAMPION)), truth),
                error(Objects.requireNonNull(forecasts.get(CHALLENGER)), truth));
        cameras.computeIfAbsent(camera, name -> new PairedErrors.OfCamera())
                .add(window.last().captureTime().getEpochSecond() / BLOCK.toSeconds(), errors);
    }

    private static double error(Forecast forecast, List<Pixels> truth) {
        double sum = 0;
        for (int step = 0; step < truth.size(); step++) {
            sum += PixelError.meanSquare(forecast.frames().get(step), truth.get(step));
        }
        return sum / truth.size();
    }
}
