package io.framecast.source.scene;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.util.List;

/**
 * A street seen from a window: houses and trees, two pavements, four lanes of cars and a crossing. Cars come in groups,
 * as traffic lights send them; people cross in between. Everything is a function of time, so that any moment can be
 * drawn by itself; what comes next along a lane is drawn from a hash, so that it never repeats.
 */
public final class StreetScene implements Scene {
    static final double ROAD_TOP = 23;
    static final double ROAD_BOTTOM = 49;
    static final double CROSSING_LEFT = 40;
    static final double CROSSING_WIDTH = 7;
    /** Seconds from one group of cars to the next. */
    static final double CYCLE = 12;

    private static final double LANE = (ROAD_BOTTOM - ROAD_TOP) / 4;
    private static final Color PAVEMENT = new Color(176, 170, 160);
    private static final Color ASPHALT = new Color(72, 74, 80);
    private static final Color PAINT = new Color(226, 226, 218);

    private final List<CarLane> lanes = List.of(
            new CarLane(ROAD_TOP + LANE * 0.5, -15, 1),
            new CarLane(ROAD_TOP + LANE * 1.5, -22, 2),
            new CarLane(ROAD_TOP + LANE * 2.5, 25, 3),
            new CarLane(ROAD_TOP + LANE * 3.5, 17, 4));
    private final Walkers walkers = new Walkers();

    @Override
    public void drawBackground(Graphics2D canvas) {
        fill(canvas, new Color(150, 196, 228), new Rectangle2D.Double(0, 0, SIDE, 13));
        fill(canvas, new Color(86, 126, 70), new Rectangle2D.Double(0, 12, SIDE, 6));
        house(canvas, -3, 16, new Color(206, 122, 92), new Color(122, 58, 50));
        house(canvas, 15, 13, new Color(228, 206, 158), new Color(98, 82, 84));
        house(canvas, 30, 18, new Color(146, 166, 178), new Color(70, 80, 96));
        house(canvas, 50, 15, new Color(220, 168, 120), new Color(128, 66, 48));
        fill(canvas, PAVEMENT, new Rectangle2D.Double(0, 17.5, SIDE, ROAD_TOP - 17.5));
        road(canvas);
        fill(canvas, PAVEMENT, new Rectangle2D.Double(0, ROAD_BOTTOM, SIDE, 6));
        fill(canvas, new Color(98, 142, 78), new Rectangle2D.Double(0, 55, SIDE, 9));
        fill(canvas, new Color(122, 116, 108), new Rectangle2D.Double(0, 54.6, SIDE, 0.6));
        tree(canvas, 13.5, 15, 3.2);
        tree(canvas, 48.5, 15.4, 3.4);
        tree(canvas, 8, 58.5, 4.2);
        tree(canvas, 30, 60, 4.8);
        tree(canvas, 56, 59, 4.4);
    }

    private static void road(Graphics2D canvas) {
        fill(canvas, ASPHALT, new Rectangle2D.Double(0, ROAD_TOP, SIDE, ROAD_BOTTOM - ROAD_TOP));
        fill(canvas, new Color(208, 204, 196), new Rectangle2D.Double(0, ROAD_TOP - 0.7, SIDE, 0.7));
        fill(canvas, new Color(208, 204, 196), new Rectangle2D.Double(0, ROAD_BOTTOM, SIDE, 0.7));
        var middle = (ROAD_TOP + ROAD_BOTTOM) / 2;
        fill(canvas, new Color(222, 190, 90), new Rectangle2D.Double(0, middle - 0.35, SIDE, 0.7));
        for (var x = 1.0; x < SIDE; x += 8) {
            fill(canvas, PAINT, new Rectangle2D.Double(x, ROAD_TOP + LANE - 0.25, 4, 0.5));
            fill(canvas, PAINT, new Rectangle2D.Double(x, ROAD_TOP + LANE * 3 - 0.25, 4, 0.5));
        }
        fill(canvas, ASPHALT, new Rectangle2D.Double(CROSSING_LEFT - 1, ROAD_TOP, CROSSING_WIDTH + 2, 26));
        for (var y = ROAD_TOP + 0.8; y < ROAD_BOTTOM - 1; y += 2.6) {
            fill(canvas, PAINT, new Rectangle2D.Double(CROSSING_LEFT, y, CROSSING_WIDTH, 1.3));
        }
    }

    private static void house(Graphics2D canvas, double left, double width, Color wall, Color roof) {
        fill(canvas, wall, new Rectangle2D.Double(left, 5, width, 12.5));
        var gable = new Path2D.Double();
        gable.moveTo(left - 0.6, 5.4);
        gable.lineTo(left + width * 0.2, 0.6);
        gable.lineTo(left + width * 0.8, 0.6);
        gable.lineTo(left + width + 0.6, 5.4);
        gable.closePath();
        fill(canvas, roof, gable);
        for (var x = left + 1.8; x + 2 < left + width; x += 4) {
            fill(canvas, new Color(246, 240, 214), new Rectangle2D.Double(x - 0.3, 6.7, 2.6, 3.6));
            fill(canvas, new Color(66, 86, 108), new Rectangle2D.Double(x, 7, 2, 3));
            fill(canvas, new Color(66, 86, 108), new Rectangle2D.Double(x, 12, 2, 2.6));
        }
        fill(canvas, new Color(84, 52, 40), new Rectangle2D.Double(left + width * 0.55, 13, 2.2, 4.5));
    }

    private static void tree(Graphics2D canvas, double x, double y, double radius) {
        canvas.setColor(new Color(92, 66, 46));
        canvas.setStroke(new BasicStroke((float) (radius * 0.3)));
        canvas.draw(new Line2D.Double(x, y, x, y + radius * 1.2));
        fill(canvas, new Color(48, 96, 52), circle(x, y, radius));
        fill(canvas, new Color(76, 130, 68), circle(x - radius * 0.25, y - radius * 0.3, radius * 0.62));
    }

    @Override
    public void drawMoving(Graphics2D canvas, double seconds) {
        walkers.drawFar(canvas, seconds);
        for (var lane : lanes) {
            lane.draw(canvas, seconds);
        }
        walkers.drawCrossing(canvas, seconds);
        walkers.drawNear(canvas, seconds);
    }

    static void fill(Graphics2D canvas, Color colour, Shape shape) {
        canvas.setColor(colour);
        canvas.fill(shape);
    }

    static Shape circle(double x, double y, double radius) {
        return new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius);
    }

    static Shape rounded(double left, double top, double width, double height, double corner) {
        return new RoundRectangle2D.Double(left, top, width, height, corner, corner);
    }

    /** A number from 0 (inclusive) to 1 (exclusive) that is always the same for the same arguments. */
    static double chance(long stream, long index) {
        var mixed = stream * 0x9E3779B97F4A7C15L + index * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return ((mixed ^ mixed >>> 31) >>> 11) * 0x1p-53;
    }
}
