package io.framecast.source.scene;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;

/** A disc, a square and a triangle that bounce off the edges, each at its own speed. */
final class ShapesScene implements Scene {
    @Override
    public void drawBackground(Graphics2D canvas) {
        canvas.setPaint(new GradientPaint(0, 0, new Color(24, 30, 58), 0, SIDE, new Color(74, 62, 96)));
        canvas.fill(new Rectangle2D.Double(0, 0, SIDE, SIDE));
    }

    @Override
    public void drawMoving(Graphics2D canvas, double seconds) {
        var disc = new Ellipse2D.Double(-7, -7, 14, 14);
        var square = new Rectangle2D.Double(-6, -6, 12, 12);
        draw(canvas, square, new Color(94, 196, 160), bounce(40, -9, 6, seconds), bounce(14, 17, 6, seconds));
        draw(canvas, triangle(8), new Color(240, 190, 78), bounce(24, 13, 8, seconds), bounce(44, 11, 8, seconds));
        draw(canvas, disc, new Color(232, 92, 84), bounce(10, 21, 7, seconds), bounce(30, -14, 7, seconds));
    }

    /** A place that moves at {@code speed} and turns round where a shape of that radius meets an edge. */
    static double bounce(double start, double speed, double radius, double seconds) {
        var room = SIDE - 2 * radius;
        var way = (start - radius + speed * seconds) % (2 * room);
        var folded = way < 0 ? way + 2 * room : way;
        return radius + (folded <= room ? folded : 2 * room - folded);
    }

    private static Shape triangle(double radius) {
        var path = new Path2D.Double();
        path.moveTo(0, -radius);
        path.lineTo(radius * 0.87, radius / 2);
        path.lineTo(-radius * 0.87, radius / 2);
        path.closePath();
        return path;
    }

    private static void draw(Graphics2D canvas, Shape shape, Color colour, double x, double y) {
        var moved = (Graphics2D) canvas.create();
        moved.translate(x, y);
        moved.setColor(colour);
        moved.fill(shape);
        moved.dispose();
    }
}
