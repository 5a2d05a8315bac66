package io.framecast.motion;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_CUBIC;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;
import static org.bytedeco.opencv.opencv_video.DISOpticalFlow.PRESET_MEDIUM;

import io.framecast.frame.FrameShape;
import io.framecast.frame.LibraryLoading;
import io.framecast.frame.Pixels;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;
import org.bytedeco.opencv.opencv_video.DISOpticalFlow;

/**
 * Dense optical flow between two frames, by dense inverse search on their brightness; the same frames give the same
 * flow.
 *
 * <p>T. Kroeger, R. Timofte, D. Dai, L. Van Gool: Fast Optical Flow using Dense Inverse Search. ECCV 2016,
 * arXiv:1603.03590. OpenCV's implementation, preset medium.
 */
public final class OpticalFlow {
    /** Below this side there is no room for the search's patches of 8 pixels, and OpenCV refuses. */
    private static final int SMALLEST_SIDE = 16;

    /** BT.601 brightness in 1/2^15, as OpenCV rounds it. */
    private static final int RED = 9798;

    private static final int GREEN = 19235;
    private static final int BLUE = 3735;
    private static final int BRIGHTNESS_BITS = 15;

    /**
     * Loads OpenCV.
     *
     * @throws IllegalStateException if this machine cannot
     */
    public OpticalFlow() {
        try {
            Loaded.touch();
        } catch (LinkageError missing) {
            throw new IllegalStateException(
                    "OpenCV's native libraries cannot be loaded here: install glibc 2.35 or newer, or use a model that"
                            + " needs no optical flow, such as persistence",
                    missing);
        }
    }

    /**
     * The movement from {@code earlier} to {@code later}; none at all if they are equal or have a side under 16 pixels.
     *
     * @param shape the size of both, RGB first if there are more than two channels, else brightness first
     * @throws IllegalArgumentException if one does not fill the shape
     */
    public FlowField between(FrameShape shape, Pixels earlier, Pixels later) {
        return between(shape, earlier, later, 1);
    }

    /**
     * The movement from {@code earlier} to {@code later}, measured on enlarged pictures, where slow movement of small
     * things is seen better; in pixels of the given ones.
     *
     * @param enlarged how many times as high and wide, at least 1
     */
    public FlowField between(FrameShape shape, Pixels earlier, Pixels later, int enlarged) {
        byte[] from = brightness(shape, earlier);
        byte[] to = brightness(shape, later);
        if (earlier.equals(later) || Math.min(shape.height(), shape.width()) < SMALLEST_SIDE) {
            return FlowField.still(shape);
        }
        try (var search = DISOpticalFlow.create(PRESET_MEDIUM);
                Mat start = picture(shape, from);
                Mat end = picture(shape, to);
                var flow = new Mat()) { // a filled one would be taken for a first guess
            if (enlarged == 1) {
                search.calc(start, end, flow);
                return field(shape, flow);
            }
            try (var largeStart = enlarge(start, enlarged);
                    var largeEnd = enlarge(end, enlarged);
                    var small = new Mat()) {
                search.calc(largeStart, largeEnd, flow);
                resize(flow, small, start.size(), 0, 0, INTER_AREA);
                return field(shape, small).times(1f / enlarged);
            }
        }
    }

    private static Mat enlarge(Mat picture, int times) {
        var large = new Mat();
        try (var size = new Size(picture.cols() * times, picture.rows() * times)) {
            resize(picture, large, size, 0, 0, INTER_CUBIC);
        }
        return large;
    }

    private static byte[] brightness(FrameShape shape, Pixels pixels) {
        if (pixels.size() != shape.bytes()) {
            throw new IllegalArgumentException(
                    "frame has " + pixels.size() + " bytes, its shape " + shape + " needs " + shape.bytes());
        }
        byte[] values = pixels.toByteArray();
        var grey = new byte[shape.height() * shape.width()];
        for (int place = 0; place < grey.length; place++) {
            grey[place] = brightness(values, place * shape.channels(), shape.channels());
        }
        return grey;
    }

    private static byte brightness(byte[] values, int at, int channels) {
        if (channels < 3) {
            return values[at];
        }
        int sum = RED * (values[at] & 0xFF) + GREEN * (values[at + 1] & 0xFF) + BLUE * (values[at + 2] & 0xFF);
        return (byte) ((sum + (1 << (BRIGHTNESS_BITS - 1))) >> BRIGHTNESS_BITS);
    }

    private static Mat picture(FrameShape shape, byte[] grey) {
        var mat = new Mat(shape.height(), shape.width(), CV_8UC1);
        mat.data().put(grey);
        return mat;
    }

    private static FlowField field(FrameShape shape, Mat flow) {
        int places = shape.height() * shape.width();
        var pairs = new float[2 * places]; // (H, W, 2)
        new FloatPointer(flow.data()).get(pairs);
        var dx = new float[places];
        var dy = new float[places];
        for (int place = 0; place < places; place++) {
            dx[place] = finite(pairs[2 * place]);
            dy[place] = finite(pairs[2 * place + 1]);
        }
        return new FlowField(shape, dx, dy);
    }

    /** A place where the search broke down counts as still. */
    private static float finite(float movement) {
        return Float.isFinite(movement) ? movement : 0;
    }

    private static final class Loaded {
        /** Whether JavaCPP loads the library of a class that is initialised. */
        private static final String LOADS_LIBRARIES = "org.bytedeco.javacpp.loadlibraries";

        /** What JavaCPP initialises with optical flow, and what that does not call. */
        private static final List<String> UNUSED =
                List.of("highgui", "videoio", "imgcodecs", "dnn", "calib3d", "features2d", "flann");

        static {
            // JavaCPP otherwise refuses to allocate once the process, models and all, passes four times the heap.
            if (System.getProperty("org.bytedeco.javacpp.maxPhysicalBytes") == null) {
                System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
            }
            initialiseUnused();
            // The search works in as many stripes as there are threads, and its result depends on their number.
            opencv_core.setNumThreads(1);
        }

        /**
         * Initialises what is not used without its libraries: that of windows needs GTK 2, which many machines lack,
         * and all of them take time. Others that load libraries meanwhile wait: JavaCPP would leave out theirs, too.
         */
        private static void initialiseUnused() {
            synchronized (LibraryLoading.LOCK) {
                System.setProperty(LOADS_LIBRARIES, "false");
                try {
                    for (String part : UNUSED) {
                        Class.forName("org.bytedeco.opencv.global.opencv_" + part);
                    }
                } catch (ClassNotFoundException otherVersion) {
                    throw new NoClassDefFoundError(otherVersion.getMessage());
                } finally {
                    System.clearProperty(LOADS_LIBRARIES);
                }
            }
        }

        static void touch() {
            // The static block has done it.
        }
    }
}
