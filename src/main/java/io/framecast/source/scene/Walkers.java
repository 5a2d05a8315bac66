package io.framecast.source.scene;

import static io.framecast.source.scene.StreetScene.CROSSING_LEFT;
import static io.framecast.source.scene.StreetScene.CROSSING_WIDTH;
import static io.framecast.source.scene.StreetScene.CYCLE;
import static io.framecast.source.scene.StreetScene.ROAD_BOTTOM;
import static io.framecast.source.scene.StreetScene.ROAD_TOP;
import static io.framecast.source.scene.StreetScene.chance;
import static io.framecast.source.scene.StreetScene.circle;
import static io.framecast.source.scene.StreetScene.fill;
import static io.framecast.source.scene.StreetScene.rounded;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.util.List;

/** The people of the street: along both pavements, and over the crossing while no car comes. */
final class Walkers {
    private static final List<Color> SHIRTS = List.of(
            new Color(214, 62, 72),
            new Color(56, 104, 200),
            new Color(250, 214, 92),
            new Color(92, 60, 130),
            new Color(248, 248, 244),
            new Color(40, 120, 84));
    private static final List<Color> SKINS =
            List.of(new Color(244, 208, 176), new Color(206, 156, 116), new Color(128, 86, 60));
    private static final double PLACE = 11;
    private static final double SHARE_TAKEN = 0.55;
    /** When in a cycle people step on the road, after the last car has passed, and how long they take to cross. */
    private static final double STEP_OUT = 7.4;

    private static final double CROSSING_TIME = 3.6;
    private static final int CROSS_AT_MOST = 4;
    private static final double SHARE_CROSSING = 0.75;

    /** On the far pavement, behind the cars. */
    void drawFar(Graphics2D canvas, double seconds) {
        along(canvas, seconds, 20.6, 3.4, 11);
        along(canvas, seconds, 21.6, -4.6, 12);
    }

    /** On the near pavement. */
    void drawNear(Graphics2D canvas, double seconds) {
        along(canvas, seconds, 52, -3.8, 13);
        along(canvas, seconds, 53.4, 5, 14);
    }

    private static void along(Graphics2D canvas, double seconds, double feet, double speed, int stream) {
        var way = Math.abs(speed) * seconds;
        var newest = (long) Math.ceil((way + PLACE) / PLACE);
        var oldest = (long) Math.floor((way - Scene.SIDE - PLACE) / PLACE);
        for (var place = oldest; place <= newest; place++) {
            if (chance(stream, place) < SHARE_TAKEN) {
                var distance = way - place * PLACE + 4 * chance(stream + 20, place);
                var x = speed > 0 ? distance : Scene.SIDE - distance;
                person(canvas, x, feet, Math.abs(speed) * seconds, stream * 1000L + place);
            }
        }
    }

    /** Over the crossing, both ways. */
    void drawCrossing(Graphics2D canvas, double seconds) {
        var cycle = (long) Math.floor(seconds / CYCLE);
        var phase = seconds - cycle * CYCLE;
        for (var one = 0; one < CROSS_AT_MOST; one++) {
            var number = cycle * CROSS_AT_MOST + one;
            var part = (phase - STEP_OUT - 0.5 * chance(31, number)) / CROSSING_TIME;
            if (part >= 0 && part <= 1 && chance(30, number) < SHARE_CROSSING) {
                var isDownward = chance(32, number) < 0.5;
                var from = ROAD_TOP - 0.5;
                var to = ROAD_BOTTOM + 2;
                var feet = isDownward ? from + (to - from) * part : to - (to - from) * part;
                var x = CROSSING_LEFT + 0.8 + one * (CROSSING_WIDTH - 1) / CROSS_AT_MOST;
                person(canvas, x, feet, phase * 7, 90_000 + number);
            }
        }
    }

    /** About two units wide and five high, standing at {@code feet}; {@code way} moves the legs. */
    private static void person(Graphics2D canvas, double x, double feet, double way, long who) {
        var stride = 0.8 * Math.sin(way * 2.2 + who);
        fill(canvas, new Color(0, 0, 0, 70), new Ellipse2D.Double(x - 1, feet - 0.4, 2.4, 0.9));
        canvas.setStroke(new BasicStroke(0.7f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        canvas.setColor(new Color(44, 46, 64));
        canvas.draw(new Line2D.Double(x, feet - 2, x - stride, feet));
        canvas.draw(new Line2D.Double(x, feet - 2, x + stride, feet));
        var shirt = SHIRTS.get((int) (chance(40, who) * SHIRTS.size()));
        fill(canvas, shirt, rounded(x - 0.85, feet - 4.1, 1.7, 2.4, 1));
        fill(canvas, SKINS.get((int) (chance(41, who) * SKINS.size())), circle(x, feet - 4.7, 0.75));
    }
}
