package io.framecast.preview.http;

import io.framecast.frame.CameraId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lets HTTP clients change which cameras are read. May block; called by threads that may. */
public interface CameraControl {
    /**
     * A camera as clients see it.
     *
     * @param camera its id
     * @param source where its pictures come from, without secrets
     * @param settings its own, by name
     * @param paused whether it is left alone for now
     * @param canChange whether clients may change it
     */
    record Camera(CameraId camera, String source, Map<String, String> settings, boolean paused, boolean canChange) {
        /** Copies the map. */
        public Camera {
            settings = Map.copyOf(settings);
        }
    }

    /**
     * What a client wants of a camera; what is left out stays as it is.
     *
     * @param source where its pictures come from, with its secrets
     * @param settings its own, by name; all of them
     * @param paused whether it is left alone for now
     */
    record Wish(Optional<String> source, Optional<Map<String, String>> settings, Optional<Boolean> paused) {}

    /** Why a wish is not granted. */
    final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final int status;

        /**
         * With a reason.
         *
         * @param status of HTTP
         * @param message what is wrong and what to do, for a person; without secrets
         */
        public RefusedException(int status, String message) {
            super(message);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    /** All cameras of this process, in the order of their ids. */
    List<Camera> cameras();

    /**
     * Adds a camera.
     *
     * @param id its id; from the source if empty
     * @param client who asks, as the audit line names it
     * @throws RefusedException if that cannot be
     */
    Camera add(Optional<String> id, Wish wish, String client);

    /**
     * Changes a camera, or adds one of that id.
     *
     * @throws RefusedException if that cannot be
     */
    Camera put(CameraId camera, Wish wish, String client);

    /**
     * Removes a camera.
     *
     * @throws RefusedException if there is none, or it cannot be removed
     */
    void remove(CameraId camera, String client);

    /**
     * A picture of a source that is not read yet, as a JPEG; takes as long as the source does, some seconds at most.
     *
     * @param camera whose source it is if the wish has none
     * @throws RefusedException if it gives none, with the reason
     */
    byte[] picture(Optional<CameraId> camera, Wish wish, String client);
}
