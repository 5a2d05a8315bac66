package io.framecast.predict;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.Forecaster;
import io.framecast.forecast.LatencyStamps;
import io.framecast.forecast.Window;
import io.framecast.frame.CameraId;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameOrder;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Ticker;
import io.framecast.topic.MalformedRecordException;
import io.framecast.worker.Checkpoint;
import io.framecast.worker.Input;
import io.framecast.worker.InputPartition;
import io.framecast.worker.Processor;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;

/**
 * Frames into windows, windows into micro-batches, micro-batches into forecasts. A checkpoint's metadata is how far
 * back the frames lie that an unfinished window needs, see {@link ReadBack}.
 */
public final class PredictProcessor implements Processor<Frame, Forecasted> {
    /**
     * A camera that is silent while so many frames of others come starts afresh, so that what must be read back stays
     * bounded. Counted in records, which every reader sees alike; no clock is.
     */
    private static final long FORGOTTEN = 10_000;

    /** Bounds memory against a producer that makes up camera ids: of more in one partition the oldest is forgotten. */
    private static final int MOST_CAMERAS = 256;

    private final RunningModel model;
    private final int every;
    private final PredictListener listener;
    private final Ticker ticker;
    private final MicroBatches<CameraId, Due> batches;
    private final Map<Integer, LinkedHashMap<CameraId, Camera>> partitions = new HashMap<>();

    /**
     * Starts without a camera.
     *
     * @param every frames between forecasts of a camera, at least 1
     * @param listener called on the worker's thread
     */
    public PredictProcessor(
            Forecaster forecaster, BatchConfig batching, int every, PredictListener listener, Ticker ticker) {
        this(new RunningModel(forecaster), batching, every, listener, ticker);
    }

    /**
     * Starts without a camera.
     *
     * @param model changed between micro-batches, when another has been given
     * @param every frames between forecasts of a camera, at least 1
     * @param listener called on the worker's thread
     */
    public PredictProcessor(
            RunningModel model, BatchConfig batching, int every, PredictListener listener, Ticker ticker) {
        this.model = model;
        this.every = every;
        this.listener = listener;
        this.ticker = ticker;
        batches = new MicroBatches<>(batching, ticker);
    }

    /** A camera's window, and where in the partition its frames lie. */
    private static final class Camera {
        private final SlidingWindow window;
        private final Deque<Long> offsets = new ArrayDeque<>();
        private FrameOrder<Input<Frame>> order = FrameOrder.start();

        private Camera(SlidingWindow window) {
            this.window = window;
        }

        private long newestOffset() {
            return offsets.isEmpty() ? Long.MAX_VALUE : offsets.getLast();
        }
    }

    /**
     * A window that waits.
     *
     * @param frame the one it ends with
     * @param accepted when that was accepted, by the ticker
     * @param firstOffset of the first frame it needs
     */
    private record Due(Window window, Input<Frame> frame, long accepted, long firstOffset) {
        boolean isOf(int partition) {
            return frame.place().partition() == partition;
        }
    }

    @Override
    public long resume(InputPartition place, Checkpoint left) {
        return ReadBack.parse(left.metadata(), model.firstContextLength())
                .map(back -> back.from(left.next(), contextLength(), FORGOTTEN))
                .orElse(left.next());
    }

    /**
     * Lets another model take over. One whose windows have another length does when no window waits, and then has the
     * cameras' frames read again.
     */
    @Override
    public boolean reconfigure() {
        return model.change(isIdle());
    }

    private int contextLength() {
        return model.current().contextLength();
    }

    @Override
    public void accept(Input<Frame> input) throws MalformedRecordException {
        Frame frame = input.value();
        requireForecastable(frame);
        Camera camera = camera(input);
        FrameOrder.Step<Input<Frame>> step = camera.order.next(frame.id(), frame.captureTime(), input);
        camera.order = step.order();
        for (int i = 0; i < step.dropped() && !input.readBack(); i++) {
            listener.dropped(frame.camera(), "stale");
        }
        step.follows().forEach(taken -> add(camera, taken));
    }

    private void requireForecastable(Frame frame) throws MalformedRecordException {
        FrameShape shape = model.current().takes().orElse(frame.shape());
        if (!frame.shape().equals(shape)) {
            throw new MalformedRecordException(
                    MalformedRecordException.Kind.WRONG_SHAPE,
                    "its shape is " + frame.shape() + ", the model takes " + shape + " only");
        }
    }

    /** The camera of a frame; it is the newest of its partition then, and the oldest may be forgotten. */
    private Camera camera(Input<Frame> input) {
        CameraId id = input.value().camera();
        LinkedHashMap<CameraId, Camera> cameras =
                partitions.computeIfAbsent(input.place().partition(), key -> new LinkedHashMap<>());
        Camera camera = Optional.ofNullable(cameras.remove(id))
                .filter(known -> known.newestOffset() >= input.offset() - FORGOTTEN)
                .orElseGet(() -> new Camera(newWindow(id)));
        cameras.put(id, camera);
        Iterator<Camera> oldestFirst = cameras.values().iterator();
        Camera oldest = oldestFirst.next();
        while (cameras.size() > MOST_CAMERAS || oldest.newestOffset() < input.offset() - FORGOTTEN) {
            oldestFirst.remove();
            oldest = oldestFirst.next();
        }
        return camera;
    }

    private SlidingWindow newWindow(CameraId camera) {
        return new SlidingWindow(camera, contextLength(), every, model.firstContextLength());
    }

    private void add(Camera camera, Input<Frame> taken) {
        camera.window.add(taken.value());
        listener.frame(taken.value());
        camera.offsets.addLast(taken.offset());
        while (camera.offsets.size() > camera.window.size()) {
            camera.offsets.removeFirst();
        }
        if (!taken.readBack()) {
            camera.window
                    .due()
                    .ifPresent(window -> enqueue(new Due(window, taken, ticker.nanos(), camera.offsets.getFirst())));
        }
    }

    private void enqueue(Due due) {
        CameraId camera = due.window().camera();
        batches.add(camera, due).ifPresent(skipped -> listener.dropped(camera, "window-skipped"));
    }

    @Override
    public boolean wants(InputPartition place, ToLongFunction<InputPartition> lag) {
        return batches.hasRoom();
    }

    @Override
    public boolean isIdle() {
        return batches.waiting().isEmpty();
    }

    @Override
    public Duration timeUntilDue() {
        return batches.timeUntilDue();
    }

    @Override
    public List<Forecasted> due(boolean draining) {
        List<Due> batch = batches.next(draining);
        if (batch.isEmpty()) {
            return List.of();
        }
        List<Window> windows = batch.stream().map(Due::window).toList();
        listener.modelCalled();
        long begun = ticker.nanos();
        List<Forecast> forecasts = model.current().forecast(windows);
        int waiting = batches.waiting().size();
        listener.batch(batch.size(), waiting, ticker.since(begun));
        listener.forecasts(windows, forecasts, waiting);
        var results = new ArrayList<Forecasted>();
        for (int i = 0; i < batch.size(); i++) {
            Input<Frame> frame = batch.get(i).frame();
            var stamps = new LatencyStamps(
                    frame.value().captureTime(),
                    frame.polled(),
                    frame.polled().plus(ticker.since(batch.get(i).accepted())));
            results.add(new Forecasted(forecasts.get(i).stamped(stamps), frame.trace()));
        }
        return results;
    }

    @Override
    public void committed(List<Forecasted> outputs) {
        for (Forecasted output : outputs) {
            Forecast forecast = output.forecast();
            forecast.stamps().ifPresent(stamps -> listener.forecast(forecast, stamps));
        }
    }

    @Override
    public Checkpoint checkpoint(InputPartition place, long position) {
        List<Due> waiting = batches.waiting().stream()
                .filter(due -> due.isOf(place.partition()))
                .toList();
        List<Camera> cameras = List.copyOf(partitions
                .getOrDefault(place.partition(), new LinkedHashMap<>())
                .values());
        LongStream undone =
                LongStream.concat(waiting.stream().mapToLong(due -> due.frame().offset()), heldAndPerhapsDue(cameras));
        long next = undone.min().orElse(position);
        LongStream heldByCameras = cameras.stream()
                .flatMap(camera -> camera.offsets.stream().limit(1))
                .mapToLong(Long::longValue);
        long needed = LongStream.concat(heldByCameras, waiting.stream().mapToLong(Due::firstOffset))
                .min()
                .orElse(next);
        var back = new ReadBack(Math.min(next, needed), contextLength());
        return new Checkpoint(next, back.metadata(model.firstContextLength()));
    }

    /** A frame that is held may make a window due by itself where windows have one frame. */
    private LongStream heldAndPerhapsDue(List<Camera> cameras) {
        return cameras.stream()
                .flatMap(camera -> camera.order.held().stream())
                .filter(taken -> contextLength() == 1 && !taken.readBack())
                .mapToLong(Input::offset);
    }

    @Override
    public void forget(int partition) {
        Map<CameraId, Camera> cameras = partitions.remove(partition);
        if (cameras != null) {
            cameras.keySet().forEach(listener::forgotten);
        }
        batches.removeIf(due -> due.isOf(partition));
    }
}
