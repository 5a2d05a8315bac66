package io.framecast.frame;

import java.time.Instant;
import java.util.Optional;

/**
 * The state of a camera, as the page and its topic show it.
 *
 * @param camera which camera
 * @param state what it is doing
 * @param since when that state began
 * @param lastFrame the capture time of its newest frame, if it ever had one
 * @param reconnects how often it was lost and tried again since the start
 * @param reason why, in words for a person; empty when there is nothing to explain; never a secret
 */
public record CameraStatus(
        CameraId camera,
        CameraState state,
        Instant since,
        Optional<Instant> lastFrame,
        int reconnects,
        String reason) {}
