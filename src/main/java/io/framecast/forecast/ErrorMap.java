package io.framecast.forecast;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Where in the picture a forecast was wrong: the root of the mean squared error of each cell of a grid, in levels of
 * 255. Cells are as equal as they can be.
 *
 * @param rows of the grid
 * @param columns of the grid
 * @param levels of its cells, row by row, 0 to 255
 */
public record ErrorMap(int rows, int columns, List<Integer> levels) {
    /** How many cells a side of the picture is divided into, if it has as many pixels. */
    static final int SIDE = 16;

    /**
     * Copies the cells.
     *
     * @throws IllegalArgumentException if they do not fill the grid, or one is out of range
     */
    public ErrorMap {
        levels = List.copyOf(levels);
        if (rows < 0 || columns < 0 || (long) rows * columns != levels.size()) {
            throw new IllegalArgumentException(
                    "an error map of " + rows + "x" + columns + " cells has " + levels.size() + " values");
        }
        if (levels.stream().anyMatch(level -> level < 0 || level > 255)) {
            throw new IllegalArgumentException("an error map has a value outside 0 to 255");
        }
    }

    /** Without a cell: nothing is known. */
    public static ErrorMap none() {
        return new ErrorMap(0, 0, List.of());
    }

    /** Compares two pictures of a shape. */
    public static ErrorMap of(FrameShape shape, Pixels forecast, Pixels real) {
        PixelError.requireSameSize(forecast, real);
        int rows = Math.min(SIDE, shape.height());
        int columns = Math.min(SIDE, shape.width());
        var sums = new long[rows * columns];
        var counts = new int[rows * columns];
        int at = 0;
        for (int row = 0; row < shape.height(); row++) {
            int first = row * rows / shape.height() * columns;
            for (int column = 0; column < shape.width(); column++) {
                int cell = first + column * columns / shape.width();
                for (int channel = 0; channel < shape.channels(); channel++, at++) {
                    int difference = forecast.at(at) - real.at(at);
                    sums[cell] += (long) difference * difference;
                }
                counts[cell] += shape.channels();
            }
        }
        var levels = new ArrayList<Integer>(sums.length);
        for (int cell = 0; cell < sums.length; cell++) {
            levels.add((int) Math.round(Math.sqrt((double) sums[cell] / counts[cell])));
        }
        return new ErrorMap(rows, columns, levels);
    }

    /** The largest value, 0 without cells. */
    public int strongest() {
        return levels.isEmpty() ? 0 : Collections.max(levels);
    }

    /** The mean over its cells of the squared values, 0 without cells. */
    public double meanSquare() {
        return levels.stream()
                .mapToDouble(level -> (double) level * level)
                .average()
                .orElse(0);
    }

    /** The cells as bytes, row by row. */
    public byte[] toByteArray() {
        var bytes = new byte[levels.size()];
        for (int cell = 0; cell < bytes.length; cell++) {
            bytes[cell] = levels.get(cell).byteValue();
        }
        return bytes;
    }
}
