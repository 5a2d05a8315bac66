package io.framecast.evaluate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalDouble;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Curves as PNG. */
public final class Plots {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 500;

    private Plots() {}

    /**
     * A curve that is drawn.
     *
     * @param x its places
     * @param y its values, as many
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, from who measured to who draws
    public record Curve(double[] x, double[] y) {
        /** Values at 1, 2, 3 and so on. */
        public static Curve ofSteps(double[] y) {
            var x = new double[y.length];
            for (int i = 0; i < x.length; i++) {
                x[i] = i + 1;
            }
            return new Curve(x, y);
        }

        /** The values, a gap where one is infinite. */
        double[] drawable() {
            return Arrays.stream(y)
                    .map(value -> Double.isFinite(value) ? value : Double.NaN)
                    .toArray();
        }
    }

    /**
     * Draws curves over one axis.
     *
     * @param lowest where the vertical axis begins, if not at the lowest value
     * @param curves by the name in the legend; those without a value are left out
     * @throws UncheckedIOException if the file cannot be written
     */
    public static void write(
            Path file, String title, String xTitle, String yTitle, OptionalDouble lowest, Map<String, Curve> curves) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(xTitle)
                .yAxisTitle(yTitle)
                .build();
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
        lowest.ifPresent(chart.getStyler()::setYAxisMin);
        curves.forEach((name, curve) -> {
            if (curve.x().length > 0) {
                XYSeries series = chart.addSeries(name, curve.x(), curve.drawable());
                series.setMarker(SeriesMarkers.NONE);
            }
        });
        try {
            BitmapEncoder.saveBitmap(chart, file.toString(), BitmapEncoder.BitmapFormat.PNG);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the plot " + file, e);
        }
    }
}
