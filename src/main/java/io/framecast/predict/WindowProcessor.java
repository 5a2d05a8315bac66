package io.framecast.predict;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.Forecaster;
import io.framecast.forecast.LatencyStamps;
import io.framecast.forecast.Window;
import io.framecast.frame.CameraId;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameOrder;
import io.framecast.frame.FrameShape;
import io.framecast.node.Ledger;
import io.framecast.topic.MalformedRecordException;
import io.framecast.worker.FrameProcessor;
import io.framecast.worker.FrameRecord;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/** Frames into windows, windows into micro-batches, micro-batches into forecasts; on the exactly-once loop's thread. */
public final class WindowProcessor implements FrameProcessor {
    /**
     * A camera that is silent while so many frames of others come starts afresh, so that what must be read back stays
     * bounded. Counted in records, which every reader sees alike; no clock is.
     */
    private static final long FORGOTTEN = 10_000;

    /** More cameras than this in one partition are forgotten, too: whoever writes frames may invent cameras. */
    private static final int MOST_CAMERAS = 256;

    private final Forecaster forecaster;
    private final int every;
    private final Ledger ledger;
    private final Clock clock;
    private final MicroBatches<CameraId, Due> batches;
    private final Map<Integer, LinkedHashMap<CameraId, Camera>> partitions = new HashMap<>();

    public WindowProcessor(Forecaster forecaster, BatchConfig batching, int every, Ledger ledger, Clock clock) {
        this.forecaster = forecaster;
        this.every = every;
        this.ledger = ledger;
        this.clock = clock;
        batches = new MicroBatches<>(batching);
    }

    /** A record, and whether it was done before and only rebuilds the window. */
    private record Taken(FrameRecord record, boolean readBack) {}

    /** A camera's window, and where in the partition its frames lie. */
    private static final class Camera {
        private final SlidingWindow window;
        private final Deque<Long> offsets = new ArrayDeque<>();
        private FrameOrder<Taken> order = FrameOrder.start();

        private Camera(SlidingWindow window) {
            this.window = window;
        }

        private long newestOffset() {
            return offsets.isEmpty() ? Long.MAX_VALUE : offsets.getLast();
        }
    }

    /** A window that waits, the record it ends with, and the offset of the first record it needs. */
    private record Due(Window window, FrameRecord record, long firstOffset) {}

    @Override
    public void accept(FrameRecord record, boolean readBack) throws MalformedRecordException {
        Frame frame = record.frame();
        requireForecastable(frame);
        Camera camera = camera(record);
        FrameOrder.Step<Taken> step = camera.order.next(frame.id(), frame.captureTime(), new Taken(record, readBack));
        camera.order = step.order();
        for (int i = 0; i < step.dropped() && !readBack; i++) {
            ledger.dropped(frame.camera(), "stale");
        }
        step.follows().forEach(taken -> add(camera, taken));
    }

    private void add(Camera camera, Taken taken) {
        camera.window.add(taken.record().frame());
        camera.offsets.addLast(taken.record().offset());
        while (camera.offsets.size() > camera.window.size()) {
            camera.offsets.removeFirst();
        }
        if (!taken.readBack()) {
            camera.window
                    .due()
                    .ifPresent(window -> enqueue(new Due(window, taken.record(), camera.offsets.getFirst())));
        }
    }

    private void requireForecastable(Frame frame) throws MalformedRecordException {
        FrameShape shape = forecaster.takes().orElse(frame.shape());
        if (!frame.shape().equals(shape)) {
            throw new MalformedRecordException(
                    "its shape is " + frame.shape() + ", the model takes " + shape + " only", null);
        }
    }

    /** The camera of a record; it is the newest of its partition then, and the oldest may be forgotten. */
    private Camera camera(FrameRecord record) {
        CameraId id = record.frame().camera();
        LinkedHashMap<CameraId, Camera> cameras =
                partitions.computeIfAbsent(record.partition(), key -> new LinkedHashMap<>());
        Camera camera = Optional.ofNullable(cameras.remove(id))
                .filter(known -> known.newestOffset() >= record.offset() - FORGOTTEN)
                .orElseGet(() -> new Camera(new SlidingWindow(id, forecaster.contextLength(), every)));
        cameras.put(id, camera);
        Iterator<Camera> oldestFirst = cameras.values().iterator();
        Camera oldest = oldestFirst.next();
        while (cameras.size() > MOST_CAMERAS || oldest.newestOffset() < record.offset() - FORGOTTEN) {
            oldestFirst.remove();
            oldest = oldestFirst.next();
        }
        return camera;
    }

    private void enqueue(Due due) {
        CameraId camera = due.window().camera();
        batches.add(camera, due, due.record().polled()).ifPresent(skipped -> ledger.dropped(camera, "window-skipped"));
    }

    @Override
    public boolean hasRoom() {
        return batches.hasRoom();
    }

    @Override
    public boolean isIdle() {
        return batches.waiting().isEmpty();
    }

    @Override
    public List<Result> nextBatch(boolean draining) {
        List<Due> batch = batches.next(clock.instant(), draining);
        if (batch.isEmpty()) {
            return List.of();
        }
        List<Forecast> forecasts =
                forecaster.forecast(batch.stream().map(Due::window).toList());
        Instant answered = clock.instant();
        var results = new ArrayList<Result>();
        for (int i = 0; i < batch.size(); i++) {
            Due due = batch.get(i);
            var stamps = new LatencyStamps(
                    due.record().frame().captureTime(), due.record().polled(), answered);
            results.add(
                    new Result(forecasts.get(i).stamped(stamps), due.record().trace()));
        }
        return results;
    }

    @Override
    public void committed(List<Result> results) {
        for (Result result : results) {
            Forecast forecast = result.forecast();
            forecast.stamps()
                    .ifPresent(stamps -> ledger.forecast(forecast.origin().camera(), stamps));
        }
    }

    @Override
    public Duration patience() {
        return batches.patience(clock.instant());
    }

    @Override
    public Position position(int partition, long position) {
        List<Due> waiting = batches.waiting().stream()
                .filter(due -> due.record().partition() == partition)
                .toList();
        LongStream heldByCameras = partitions.getOrDefault(partition, new LinkedHashMap<>()).values().stream()
                .flatMap(camera -> camera.offsets.stream().limit(1))
                .mapToLong(Long::longValue);
        LongStream undone = LongStream.concat(
                waiting.stream().mapToLong(due -> due.record().offset()), heldAndPerhapsDue(partition));
        long next = undone.min().orElse(position);
        long needed = LongStream.concat(heldByCameras, waiting.stream().mapToLong(Due::firstOffset))
                .min()
                .orElse(next);
        return new Position(next, Math.min(next, needed));
    }

    /** A frame that is held may make a window due by itself where windows have one frame. */
    private LongStream heldAndPerhapsDue(int partition) {
        return partitions.getOrDefault(partition, new LinkedHashMap<>()).values().stream()
                .flatMap(camera -> camera.order.held().stream())
                .filter(taken -> forecaster.contextLength() == 1 && !taken.readBack())
                .mapToLong(taken -> taken.record().offset());
    }

    @Override
    public void forget(int partition) {
        partitions.remove(partition);
        batches.removeIf(due -> due.record().partition() == partition);
    }
}
