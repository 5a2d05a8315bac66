package io.framecast.train;

import java.nio.file.FileSystems;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.regex.PatternSyntaxException;

/**
 * Which windows of the recordings a training step sees.
 *
 * @param batch windows per step
 * @param contextLength real frames before a closed-loop forecast, at most
 * @param leastContextLength real frames before it at least. Half of the windows have a context of random length, from
 *     this to what there is, and begin with its first frame again and again; a value of the context length or more has
 *     all contexts whole
 * @param horizon frames forecast in training; with teacher forcing, the frames that are read, followed by one more
 * @param leastHorizon frames after the context that a clip must have to be used. Clips with fewer than the horizon give
 *     windows that end early; a value of the horizon or more leaves them out
 * @param maxStride a window takes every frame, every second one and so on up to this, so that training meets slow and
 *     fast motion
 * @param oneCamera patterns of recordings' file names, as {@code door-*}: recordings that match one pattern show one
 *     camera, and are drawn together as often as one recording of their total length
 */
public record SamplingConfig(
        int batch,
        int contextLength,
        int leastContextLength,
        int horizon,
        int leastHorizon,
        int maxStride,
        List<String> oneCamera) {
    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is outside its range, or a pattern malformed
     */
    public SamplingConfig {
        oneCamera = List.copyOf(oneCamera);
        Range.require("sampling.batch", batch, 1, 4096);
        Range.require("sampling.context-length", contextLength, 1, 256);
        Range.require("sampling.least-context-length", leastContextLength, 1, Integer.MAX_VALUE);
        Range.require("sampling.horizon", horizon, 1, 256);
        Range.require("sampling.least-horizon", leastHorizon, 1, Integer.MAX_VALUE);
        Range.require("sampling.max-stride", maxStride, 1, 64);
        oneCamera.forEach(SamplingConfig::recordingsLike);
    }

    /** How many real frames a model of this training must have. */
    int leastContext() {
        return Math.min(leastContextLength, contextLength);
    }

    /**
     * Matches the file names of recordings that a pattern of {@link #oneCamera} stands for.
     *
     * @throws IllegalArgumentException if it is malformed
     */
    static PathMatcher recordingsLike(String pattern) {
        try {
            return FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("sampling.one-camera '" + pattern + "' is malformed: "
                    + e.getDescription() + "; use a pattern as in door-*"); // its cause's words would replace these
        }
    }
}
