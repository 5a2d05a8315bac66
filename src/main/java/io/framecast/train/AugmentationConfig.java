package io.framecast.train;

/**
 * How training windows are changed at random.
 *
 * @param share share of windows, 0 to 1, that are cut, mirrored and recoloured; the others stay as they are
 * @param enlarged how many times larger recordings are read than the network's frames are, 1 to 4; parts are cut from
 *     the larger frames, which look like other cameras
 * @param movingCamera share of augmented windows, 0 to 1, in which the camera seems to move; more than 0 needs
 *     {@code enlarged} over 1 for room
 * @param pasted share of augmented windows, 0 to 1, into which moving objects are pasted
 */
public record AugmentationConfig(double share, int enlarged, double movingCamera, double pasted) {
    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is outside its range
     */
    public AugmentationConfig {
        Range.require("augmentation.share", share, 0, 1);
        Range.require("augmentation.enlarged", enlarged, 1, 4);
        Range.require("augmentation.moving-camera", movingCamera, 0, 1);
        Range.require("augmentation.pasted", pasted, 0, 1);
        if (movingCamera > 0 && enlarged == 1) {
            throw new IllegalArgumentException("augmentation.moving-camera " + movingCamera
                    + " has no room at augmentation.enlarged 1: use 2 or more, so that a part of the picture can move");
        }
    }
}
