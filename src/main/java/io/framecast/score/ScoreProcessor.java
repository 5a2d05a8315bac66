package io.framecast.score;

import io.framecast.forecast.Forecast;
import io.framecast.frame.Ticker;
import io.framecast.topic.MalformedRecordException;
import io.framecast.topic.TopicKind;
import io.framecast.worker.Checkpoint;
import io.framecast.worker.Input;
import io.framecast.worker.InputPartition;
import io.framecast.worker.Processor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * Scores every forecast once, when the real frames have come, and says once of every frame how surprising it was. Reads
 * frames and forecasts of the same partitions.
 *
 * <p>Frames are checkpointed as far back as they are kept, so that the next worker reads them again; forecasts that
 * finished out of order are recorded in the metadata. What is usual for a camera is restored from earlier outputs,
 * which also tell which frames have been judged.
 */
public final class ScoreProcessor implements Processor<ScoreInput, ScoreOutput> {
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private final Consumer<ScoreOutput> committed;
    private final Ticker ticker;
    private final StepScores comparing = new StepScores();
    private final Map<Integer, ScoredPartition> partitions = new HashMap<>();

    /**
     * Starts without a camera.
     *
     * @param committed takes each output when it is committed, on the worker's thread
     */
    public ScoreProcessor(Consumer<ScoreOutput> committed, Ticker ticker) {
        this.committed = committed;
        this.ticker = ticker;
    }

    private ScoredPartition partition(int number) {
        return partitions.computeIfAbsent(number, key -> new ScoredPartition(comparing, ticker));
    }

    @Override
    public long resume(InputPartition place, Checkpoint left) {
        if (place.topic() == TopicKind.FORECASTS) {
            partition(place.partition()).resume(left);
        }
        return left.next();
    }

    @Override
    public void restore(int number, ScoreOutput earlier) {
        Optional<CameraScorer> camera = partition(number).restored(earlier.camera());
        if (earlier instanceof ScoreOutput.OfForecast forecast) {
            camera.ifPresent(scorer -> scorer.restore(forecast.score()));
        } else if (earlier instanceof ScoreOutput.OfFrame frame) {
            camera.ifPresent(scorer -> scorer.restore(frame.surprise()));
        } else if (earlier instanceof ScoreOutput.OfStretch stretch) {
            camera.ifPresent(scorer -> scorer.restore(stretch.stretch()));
        }
    }

    @Override
    public void accept(Input<ScoreInput> input) throws MalformedRecordException {
        ScoredPartition partition = partition(input.place().partition());
        if (input.value() instanceof ScoreInput.OfFrame real) {
            partition.camera(real.frame().camera()).frame(real.frame(), input.offset());
        } else if (input.value() instanceof ScoreInput.OfForecast foretold
                && !partition.done().isDone(input.offset())) {
            accept(foretold.forecast(), input, partition);
        }
    }

    private static void accept(Forecast forecast, Input<ScoreInput> input, ScoredPartition partition)
            throws MalformedRecordException {
        long offset = input.offset();
        try {
            CameraScorer scorer = partition.camera(forecast.origin().camera());
            partition.trace(offset, input.trace());
            scorer.forecast(forecast, offset);
        } catch (MalformedRecordException oneTooMany) {
            partition.done().finish(offset);
            throw oneTooMany;
        }
    }

    /**
     * Neither topic is read far ahead of the other: frames wait while forecasts of earlier ones are still to be read,
     * so that those find their frames, and forecasts wait for the frames they were made at, so that few are in memory.
     */
    @Override
    public boolean wants(InputPartition place, ToLongFunction<InputPartition> lag) {
        ScoredPartition partition = partition(place.partition());
        boolean wantsForecasts = !partition.done().isFull()
                && (!partition.isBehind()
                        || partition.isAhead()
                        || lag.applyAsLong(new InputPartition(TopicKind.FRAMES, place.partition())) == 0);
        if (place.topic() == TopicKind.FORECASTS) {
            return wantsForecasts;
        }
        return !wantsForecasts
                || !partition.isAhead()
                || lag.applyAsLong(new InputPartition(TopicKind.FORECASTS, place.partition())) == 0;
    }

    @Override
    public Duration timeUntilDue() {
        return PATIENCE;
    }

    @Override
    public List<ScoreOutput> due(boolean draining) {
        var outputs = new ArrayList<ScoreOutput>();
        for (ScoredPartition partition : partitions.values()) {
            partition.endSilent();
            outputs.addAll(partition.takeOutputs());
        }
        return outputs;
    }

    @Override
    public Checkpoint checkpoint(InputPartition place, long position) {
        ScoredPartition partition = partition(place.partition());
        if (place.topic() == TopicKind.FRAMES) {
            return new Checkpoint(partition.framesNeeded(position), "");
        }
        partition.done().read(position);
        return new Checkpoint(partition.done().next(), partition.done().metadata());
    }

    @Override
    public void committed(List<ScoreOutput> outputs) {
        partitions.values().forEach(partition -> partition.done().committed());
        outputs.forEach(committed);
    }

    @Override
    public void forget(int number) {
        partitions.remove(number);
    }

    @Override
    public void end() {
        partitions.values().forEach(ScoredPartition::end);
    }
}
