package io.framecast.worker;

import io.framecast.forecast.Forecast;
import io.framecast.topic.MalformedRecordException;
import java.time.Duration;
import java.util.List;

/**
 * What the exactly-once loop calls with frames, and asks for forecasts. Always on the loop's one thread.
 *
 * <p>Its state of a partition must be a pure function of the partition's last frames: when a partition comes from
 * another worker, the loop reads back to {@link Position#readBack} first.
 */
public interface FrameProcessor {
    /**
     * A forecast and the trace of the frame it starts from.
     *
     * @param forecast the forecast
     * @param trace W3C trace context
     */
    record Result(Forecast forecast, String trace) {}

    /**
     * How far a partition is done.
     *
     * @param next the first offset that is not done yet
     * @param readBack the first offset that is still needed to go on from there, at most {@code next}
     */
    record Position(long next, long readBack) {}

    /**
     * Takes a frame.
     *
     * @param record the frame
     * @param readBack whether it was done before, and only rebuilds the state
     * @throws MalformedRecordException if nothing can be forecast from such a frame; nothing has changed then
     */
    void accept(FrameRecord record, boolean readBack) throws MalformedRecordException;

    /** Whether more frames may come before the next micro-batch; if not, they stay in their topic for now. */
    boolean hasRoom();

    /** Whether no window waits. */
    boolean isIdle();

    /**
     * Makes the next micro-batch, if one is due.
     *
     * @param draining whether to wait no longer for a fuller one
     * @return its forecasts; empty if none is due
     */
    List<Result> nextBatch(boolean draining);

    /** Tells that the results of a batch are committed. */
    void committed(List<Result> results);

    /** How long the loop may wait for frames before a micro-batch is due. */
    Duration patience();

    /**
     * How far a partition is done, when all results so far are published.
     *
     * @param position the offset after the last frame of the partition that was taken
     */
    Position position(int partition, long position);

    /** Forgets a partition: another worker has it, or it is read again. */
    void forget(int partition);
}
