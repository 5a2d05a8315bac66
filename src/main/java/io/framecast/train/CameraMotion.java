package io.framecast.train;

import io.framecast.frame.FrameShape;
import io.framecast.train.Augmentation.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Moves the part of a picture that is shown, as a camera moves that is held in a hand, turned, carried or shaken by the
 * wind: it pans and zooms steadily, sways, and trembles, each or not. What is shown stays inside the picture.
 */
final class CameraMotion {
    /** The largest part that moves, of the picture's sides: it needs room. */
    private static final double LARGEST = 0.85;

    /** Pixels of a frame as it is shown, from one to the next; one standard deviation in each direction. */
    private static final double PANNING = 0.8;

    /** Growth from one frame to the next, one standard deviation. */
    private static final double ZOOMING = 0.006;

    private final FrameShape read;
    private final FrameShape shape;
    private final Random random;

    /**
     * Prepares to move.
     *
     * @param read the size of the pictures
     * @param shape the size at which a part of them is shown
     */
    CameraMotion(FrameShape read, FrameShape shape, Random random) {
        this.read = read;
        this.shape = shape;
        this.random = random;
    }

    /** One direction of what a camera does, in pixels of the pictures. */
    private final class Track {
        private final double pan;
        private final double sway;
        private final double turn;
        private final double phase;
        private final double tremble;
        private final double inertia;
        private double trembling;

        Track(boolean pans, boolean sways, boolean trembles, double scale) {
            pan = pans ? PANNING * random.nextGaussian() * scale : 0;
            sway = sways ? random.nextDouble(0.5, 4) * scale : 0;
            turn = 2 * Math.PI / random.nextDouble(8, 60); // in so many frames
            phase = random.nextDouble(0, 2 * Math.PI);
            tremble = trembles ? random.nextDouble(0.2, 1.5) * scale : 0;
            inertia = random.nextBoolean() ? 0 : random.nextDouble(0, 0.9);
        }

        /** How far from where it began; a picture's trembling is in part that of the one before. */
        double next(int frame) {
            trembling = inertia * trembling + Math.sqrt(1 - inertia * inertia) * tremble * random.nextGaussian();
            return pan * frame + sway * Math.sin(phase + turn * frame) + trembling;
        }
    }

    /** The view in each frame, beginning about where a given one is, and no larger than leaves room to move. */
    List<View> move(View view, int frames) {
        double smallest = Math.max((double) shape.height() / read.height(), (double) shape.width() / read.width());
        double size = Math.min(view.height() / read.height(), Math.max(smallest, LARGEST));
        double scale = size * read.height() / shape.height();
        boolean pans = random.nextBoolean();
        boolean zooms = random.nextInt(3) == 0;
        boolean sways = random.nextInt(3) == 0;
        boolean trembles = random.nextInt(3) == 0 || !(pans || zooms || sways);
        var down = new Track(pans, sways, trembles, scale);
        var right = new Track(pans, sways, trembles, scale);
        double growth = zooms ? ZOOMING * random.nextGaussian() : 0;
        double middleRow = view.top() + view.height() / 2;
        double middleColumn = view.left() + view.width() / 2;
        var views = new ArrayList<View>();
        for (int frame = 0; frame < frames; frame++) {
            double part = Math.max(smallest, Math.min(size * Math.exp(growth * frame), 1));
            double height = part * read.height();
            double width = part * read.width();
            double top = inside(middleRow + down.next(frame) - height / 2, read.height() - height);
            double left = inside(middleColumn + right.next(frame) - width / 2, read.width() - width);
            views.add(view.at(top, left, height, width));
        }
        return views;
    }

    /** Where there is no more room a camera turns back: places beyond the end count from there. */
    private static double inside(double place, double end) {
        if (end <= 0) {
            return 0;
        }
        double folded = Math.abs(place) % (2 * end);
        return folded > end ? 2 * end - folded : folded;
    }
}
