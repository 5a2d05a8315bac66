package io.framecast.alert;

import io.framecast.frame.CameraId;
import io.framecast.frame.Ticker;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/** Lets through one alert of a camera in a while, and counts the others. For one thread. */
final class AlertLimit {
    /**
     * Bounds memory against a producer that makes up camera ids: of more, the one that is silent longest is forgotten.
     */
    private static final int MOST_CAMERAS = 1000;

    private final Duration every;
    private final Ticker ticker;
    private final Map<CameraId, Camera> cameras = new LinkedHashMap<>();

    /** @param every the least time between two alerts of one camera */
    AlertLimit(Duration every, Ticker ticker) {
        this.every = every;
        this.ticker = ticker;
    }

    private static final class Camera {
        private long last;
        private long heldBack;

        private Camera(long last) {
            this.last = last;
        }
    }

    /** How many alerts of the camera were held back before this one; empty if this one is held back too. */
    OptionalLong admit(CameraId id) {
        Camera camera = cameras.remove(id);
        if (camera == null) {
            cameras.put(id, new Camera(ticker.nanos()));
            if (cameras.size() > MOST_CAMERAS) {
                cameras.remove(cameras.keySet().iterator().next());
            }
            return OptionalLong.of(0);
        }
        cameras.put(id, camera);
        if (ticker.since(camera.last).compareTo(every) < 0) {
            camera.heldBack++;
            return OptionalLong.empty();
        }
        long heldBack = camera.heldBack;
        camera.last = ticker.nanos();
        camera.heldBack = 0;
        return OptionalLong.of(heldBack);
    }
}
