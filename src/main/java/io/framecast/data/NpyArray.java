package io.framecast.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The frames of a {@code .npy} file, whatever the type of its values and the order of its axes. */
final class NpyArray {
    /** Bytes of the frames that are gathered at once. */
    private static final int BLOCK = 1 << 25;

    private final NpyLayout layout;
    private final NpyValues values;
    private final NpyBrightness brightness;

    private NpyArray(NpyLayout layout, NpyValues values, NpyBrightness brightness) {
        this.layout = layout;
        this.values = values;
        this.brightness = brightness;
    }

    /**
     * Opens a file.
     *
     * @throws IOException if it is damaged, or its values or axes can be taken in more than one way
     */
    static NpyArray open(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            NpyHeader header = NpyHeader.read(in);
            NpyValues values = NpyValues.map(file, header);
            return new NpyArray(NpyLayout.of(header, values), values, NpyBrightness.of(values));
        }
    }

    long sequences() {
        return layout.sequences().length();
    }

    /** How many frames a sequence has. */
    long frames() {
        return layout.frames().length();
    }

    int height() {
        return (int) layout.rows().length();
    }

    int width() {
        return (int) layout.columns().length();
    }

    /**
     * Some frames of a sequence, as many as are read at once with ease, H x W x 3 each; grey becomes equal red, green
     * and blue. In an array in Fortran order neighbours are frames, so that one frame would cost as much as all.
     */
    List<byte[]> block(long sequence, long first) {
        int frameBytes = height() * width() * 3;
        int count = (int) Math.min(frames() - first, Math.max(1, BLOCK / frameBytes));
        var block = new ArrayList<byte[]>();
        for (int i = 0; i < count; i++) {
            block.add(new byte[frameBytes]);
        }
        boolean areNeighbours = layout.frames().stride() < layout.columns().stride();
        int together = areNeighbours ? count : 1;
        for (int from = 0; from < count; from += together) {
            gather(sequence, first + from, block.subList(from, from + together));
        }
        return block;
    }

    /** Fills frames pixel by pixel, all of them at once. */
    private void gather(long sequence, long first, List<byte[]> frames) {
        long start =
                sequence * layout.sequences().stride() + first * layout.frames().stride();
        boolean isGrey = layout.channels().length() == 1;
        int at = 0;
        for (int y = 0; y < height(); y++) {
            for (int x = 0; x < width(); x++) {
                long pixel = start
                        + y * layout.rows().stride()
                        + x * layout.columns().stride();
                for (int channel = 0; channel < 3; channel++) {
                    long from =
                            pixel + (isGrey ? 0 : channel * layout.channels().stride());
                    for (int i = 0; i < frames.size(); i++) {
                        frames.get(i)[at] = brightness.of(
                                values.at(from + i * layout.frames().stride()));
                    }
                    at++;
                }
            }
        }
    }
}
