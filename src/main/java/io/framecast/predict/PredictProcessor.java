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
     * A camera that is silent while so many frames of others come starts afresh, and a window holds no more frames from
     * before them than it must, so that what must be read back stays bounded. Counted in records, which every reader
     * sees alike; no clock is.
     */
    private static final long FORGOTTEN = 10_000;

    /** Bounds memory against a producer that makes up camera ids: of more in one partition the oldest is forgotten. */
    private static final int MOST_CAMERAS = 256;

    private final RunningModel model;
    private final CameraModels cameraModels;
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
     * Starts without a camera, with one model for all.
     *
     * @param model changed between micro-batches, when another has been given
     * @param every frames between forecasts of a camera, at least 1
     * @param listener called on the worker's thread
     */
    public PredictProcessor(
            RunningModel model, BatchConfig batching, int every, PredictListener listener, Ticker ticker) {
        this(model, CameraModels.none(), batching, every, listener, ticker);
    }

    /**
     * Starts without a camera.
     *
     * @param model of the cameras that have none of their own; changed between micro-batches, when another has been
     *     given
     * @param cameraModels those of the cameras that have one of their own
     * @param every frames between forecasts of a camera, at least 1
     * @param listener called on the worker's thread
     */
    public PredictProcessor(
            RunningModel model,
            CameraModels cameraModels,
            BatchConfig batching,
            int every,
            PredictListener listener,
            Ticker ticker) {
        this.model = model;
        this.cameraModels = cameraModels;
        this.every = every;
        this.listener = listener;
        this.ticker = ticker;
        batches = new MicroBatches<>(batching, ticker, due -> modelOf(due.window()));
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
     * @param window all frames that are held, perhaps more than its model takes
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
     * Lets another model take over, also one of a camera's own, whose windows grow as frames come. One of all whose
     * windows have another length does when no window waits, and then has the cameras' frames read again.
     */
    @Override
    public boolean reconfigure() {
        cameraModels.refresh();
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
        return new SlidingWindow(camera, contextLength(), every, model.firstDue());
    }

    private void add(Camera camera, Input<Frame> taken) {
        Frame frame = taken.value();
        Forecaster all = model.current();
        Optional<Forecaster> own = cameraModels.of(frame.camera(), frame.shape());
        camera.window.resize(
                Math.max(all.leastContextLength(), own.orElse(all).leastContextLength()),
                Math.max(all.contextLength(), own.orElse(all).contextLength()));
        camera.window.add(frame);
        listener.frame(frame);
        camera.offsets.addLast(taken.offset());
        while (camera.offsets.size() > camera.window.size()) {
            camera.offsets.removeFirst();
        }
        while (camera.offsets.getFirst() < taken.offset() - FORGOTTEN && camera.window.dropOldest()) {
            camera.offsets.removeFirst();
        }
        if (!taken.readBack()) {
            camera.window
                    .atPeriod()
                    .filter(window -> modelOf(window).isPresent())
                    .ifPresent(window -> enqueue(new Due(window, taken, ticker.nanos(), camera.offsets.getFirst())));
        }
    }

    /** What forecasts a window: the camera's own model if the window is long enough, else that of all if it is. */
    private Optional<Forecaster> modelOf(Window window) {
        return cameraModels
                .of(window.camera(), window.shape())
                .filter(own -> window.length() >= own.leastContextLength())
                .or(() -> Optional.of(model.current()).filter(all -> window.length() >= all.leastContextLength()));
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
        Optional<Forecaster> chosen = modelOf(batch.get(0).window());
        if (chosen.isEmpty()) { // too short for the model of all, and their own is gone
            batch.forEach(due -> listener.dropped(due.window().camera(), "window-skipped"));
            return List.of();
        }
        return forecast(batch, chosen.get());
    }

    private List<Forecasted> forecast(List<Due> batch, Forecaster chosen) {
        List<Window> windows = batch.stream()
                .map(due -> due.window().newest(chosen.contextLength()))
                .toList();
        listener.modelCalled();
        long begun = ticker.nanos();
        List<Forecast> forecasts;
        try {
            forecasts = chosen.forecast(windows);
        } catch (RuntimeException broken) {
            if (chosen == model.current()) {
                throw broken;
            }
            cameraModels.broke(chosen, windows.get(0).camera(), String.valueOf(broken.getMessage()));
            return forecastByAnother(batch);
        }
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

    /** Leaves the windows of a camera's model that is broken to that of all. */
    private List<Forecasted> forecastByAnother(List<Due> batch) {
        var longEnough = new ArrayList<Due>();
        for (Due due : batch) {
            if (due.window().length() >= model.current().leastContextLength()) {
                longEnough.add(due);
            } else {
                listener.dropped(due.window().camera(), "window-skipped");
            }
        }
        return longEnough.isEmpty() ? List.of() : forecast(longEnough, model.current());
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
        Map<CameraId, Camera> cameras = partitions.getOrDefault(place.partition(), new LinkedHashMap<>());
        LongStream undone =
                LongStream.concat(waiting.stream().mapToLong(due -> due.frame().offset()), heldAndPerhapsDue(cameras));
        long next = undone.min().orElse(position);
        LongStream heldByCameras = cameras.values().stream()
                .flatMap(camera -> camera.offsets.stream().limit(1))
                .mapToLong(Long::longValue);
        long needed = LongStream.concat(heldByCameras, waiting.stream().mapToLong(Due::firstOffset))
                .min()
                .orElse(next);
        var back = new ReadBack(Math.min(next, needed), contextLength());
        return new Checkpoint(next, back.metadata(model.firstContextLength()));
    }

    /** A frame that is held may make a window due by itself where windows have one frame. */
    private LongStream heldAndPerhapsDue(Map<CameraId, Camera> cameras) {
        return cameras.values().stream()
                .flatMap(camera -> camera.order.held().stream())
                .filter(taken -> !taken.readBack() && mayBeDueAlone(taken.value()))
                .mapToLong(Input::offset);
    }

    private boolean mayBeDueAlone(Frame frame) {
        return model.current().leastContextLength() == 1
                || cameraModels
                        .of(frame.camera(), frame.shape())
                        .filter(own -> own.leastContextLength() == 1)
                        .isPresent();
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
