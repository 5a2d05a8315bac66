package io.framecast.data;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A disc, square or triangle of one colour before another, that goes straight on at 0.5 to 3 pixels a frame and bounces
 * off the edges: where it will be can be known, and measured.
 */
public final class BouncingShapes extends SyntheticSet {
    private static final double SLOWEST = 0.5;
    private static final double FASTEST = 3;
    private static final double SMALLEST_RADIUS = 5;
    private static final double LARGEST_RADIUS = 10;
    private static final double LEAST_CONTRAST = 0.35;

    public BouncingShapes(String name, FrameShape shape, Settings settings) {
        super(name, shape, settings);
    }

    @Override
    List<Pixels> sequence(int length, Random random) {
        Color background = colour(random);
        Color colour = colour(random);
        while (distance(background, colour) < LEAST_CONTRAST) {
            colour = colour(random);
        }
        double radius = SMALLEST_RADIUS + (LARGEST_RADIUS - SMALLEST_RADIUS) * random.nextDouble();
        Shape form = form(random.nextInt(3), radius);
        double angle = 2 * Math.PI * random.nextDouble();
        double speed = SLOWEST + (FASTEST - SLOWEST) * random.nextDouble();
        double roomX = shape().width() - 2 * radius;
        double roomY = shape().height() - 2 * radius;
        double x = roomX * random.nextDouble();
        double y = roomY * random.nextDouble();
        var frames = new ArrayList<Pixels>();
        for (int i = 0; i < length; i++) {
            double left = folded(x + i * speed * Math.cos(angle), roomX);
            double top = folded(y + i * speed * Math.sin(angle), roomY);
            frames.add(draw(background, colour, form, left + radius, top + radius));
        }
        return frames;
    }

    private static Color colour(Random random) {
        return new Color(random.nextInt(256), random.nextInt(256), random.nextInt(256));
    }

    /** 0 for equal colours, 1 between black and white. */
    private static double distance(Color one, Color other) {
        return (Math.abs(one.getRed() - other.getRed())
                        + Math.abs(one.getGreen() - other.getGreen())
                        + Math.abs(one.getBlue() - other.getBlue()))
                / (3 * 255.0);
    }

    private static Shape form(int number, double radius) {
        if (number == 0) {
            return new Ellipse2D.Double(-radius, -radius, 2 * radius, 2 * radius);
        }
        if (number == 1) {
            return new Rectangle2D.Double(-radius, -radius, 2 * radius, 2 * radius);
        }
        var triangle = new Path2D.Double();
        triangle.moveTo(0, -radius);
        triangle.lineTo(radius, radius);
        triangle.lineTo(-radius, radius);
        triangle.closePath();
        return triangle;
    }

    /** A place that turns round at 0 and at the end of its room. */
    private static double folded(double place, double room) {
        double way = place % (2 * room);
        double forward = way < 0 ? way + 2 * room : way;
        return forward <= room ? forward : 2 * room - forward;
    }

    private Pixels draw(Color background, Color colour, Shape form, double x, double y) {
        var image = new BufferedImage(shape().width(), shape().height(), BufferedImage.TYPE_INT_RGB);
        Graphics2D canvas = image.createGraphics();
        canvas.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        canvas.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        canvas.setColor(background);
        canvas.fillRect(0, 0, image.getWidth(), image.getHeight());
        canvas.translate(x, y);
        canvas.setColor(colour);
        canvas.fill(form);
        canvas.dispose();
        var bytes = new byte[shape().bytes()];
        int at = 0;
        for (int row = 0; row < image.getHeight(); row++) {
            for (int column = 0; column < image.getWidth(); column++) {
                int rgb = image.getRGB(column, row);
                bytes[at++] = (byte) (rgb >> 16);
                bytes[at++] = (byte) (rgb >> 8);
                bytes[at++] = (byte) rgb;
            }
        }
        return Pixels.copyOf(bytes);
    }
}
