package io.framecast.score;

import io.framecast.forecast.ErrorMap;
import java.util.ArrayList;
import java.util.Arrays;

/**
 * How wrong forecasts of one camera usually are in each place of the picture: the mean squared error of each cell over
 * about the last minute. It tells a place where something always moves from one where something now does.
 */
final class UsualErrors {
    /** What is left of older frames with each newer one: they count for about 600, a minute at 10 a second. */
    private static final double KEEP = 1 - 1 / 600.0;

    /** So many times the usual squared error is still usual. */
    private static final double USUAL_TIMES = 8;

    private double[] sums = new double[0];
    private double weight;

    /** The mean squared error of a whole picture, in squared levels; 0 before the first. */
    double meanSquare() {
        return weight == 0 ? 0 : Arrays.stream(sums).average().orElse(0) / weight;
    }

    /** What of a map's errors is more than usual, in levels; then the map counts as usual, too. */
    ErrorMap next(ErrorMap map) {
        if (sums.length != map.levels().size()) {
            sums = new double[map.levels().size()];
            weight = 0;
        }
        var unusual = new ArrayList<Integer>(sums.length);
        for (int cell = 0; cell < sums.length; cell++) {
            double square = Math.pow(map.levels().get(cell), 2);
            double usual = weight == 0 ? square : sums[cell] / weight;
            unusual.add((int) Math.round(Math.sqrt(Math.max(0, square - USUAL_TIMES * usual))));
        }
        Arrays.setAll(sums, cell -> KEEP * sums[cell] + Math.pow(map.levels().get(cell), 2));
        weight = KEEP * weight + 1;
        return new ErrorMap(map.rows(), map.columns(), unusual);
    }
}
