package io.framecast.source.scene;

import static io.framecast.source.scene.StreetScene.CROSSING_LEFT;
import static io.framecast.source.scene.StreetScene.CROSSING_WIDTH;
import static io.framecast.source.scene.StreetScene.CYCLE;
import static io.framecast.source.scene.StreetScene.chance;
import static io.framecast.source.scene.StreetScene.fill;
import static io.framecast.source.scene.StreetScene.rounded;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.List;

/**
 * One lane of the street: places one behind the other that move at the lane's speed, each with a car or without.
 *
 * @param y middle of the lane
 * @param speed units a second, negative to the left
 * @param stream which random numbers it draws
 */
record CarLane(double y, double speed, int stream) {
    private static final List<Color> COLOURS = List.of(
            new Color(204, 44, 40),
            new Color(40, 92, 190),
            new Color(236, 236, 232),
            new Color(240, 186, 40),
            new Color(38, 140, 98),
            new Color(30, 32, 38),
            new Color(228, 118, 40),
            new Color(148, 152, 160));
    private static final double PLACE = 17;
    /** The part of a cycle in which cars pass the crossing. */
    private static final double GREEN = 7;

    private static final double SHARE_TAKEN = 0.8;
    private static final double SHARE_VANS = 0.2;

    void draw(Graphics2D canvas, double seconds) {
        var way = Math.abs(speed) * seconds;
        // Place k has its middle at (way - k * PLACE) along the lane, counted from the edge where cars come in.
        var newest = (long) Math.ceil((way + PLACE) / PLACE);
        var oldest = (long) Math.floor((way - Scene.SIDE - PLACE) / PLACE);
        for (var place = oldest; place <= newest; place++) {
            if (isTaken(place)) {
                var along = way - place * PLACE;
                drawCar(canvas, speed > 0 ? along : Scene.SIDE - along, place);
            }
        }
    }

    /** Taken by chance, but only if the car passes the crossing while cars may. */
    private boolean isTaken(long place) {
        var middle = CROSSING_LEFT + CROSSING_WIDTH / 2;
        var along = speed > 0 ? middle : Scene.SIDE - middle;
        var passes = (place * PLACE + along) / Math.abs(speed);
        var phase = passes - Math.floor(passes / CYCLE) * CYCLE;
        return phase < GREEN && chance(stream, place) < SHARE_TAKEN;
    }

    private void drawCar(Graphics2D canvas, double x, long place) {
        var colour = COLOURS.get((int) (chance(stream + 100, place) * COLOURS.size()));
        var isVan = chance(stream + 200, place) < SHARE_VANS;
        var length = isVan ? 14.0 : 10 + 1.5 * chance(stream + 300, place);
        var car = (Graphics2D) canvas.create();
        car.translate(x, y);
        if (speed < 0) {
            car.scale(-1, 1);
        }
        fill(car, new Color(0, 0, 0, 90), rounded(-length / 2 + 0.3, -1.7, length, 4.7, 1.6));
        fill(car, colour, rounded(-length / 2, -2.3, length, 4.6, isVan ? 1.2 : 2.4));
        if (isVan) {
            fill(car, new Color(48, 62, 80), rounded(length / 2 - 3.2, -1.9, 1.7, 3.8, 0.8));
            fill(car, colour.brighter(), rounded(-length / 2 + 0.7, -1.7, length - 5, 3.4, 0.6));
        } else {
            fill(car, new Color(40, 54, 72), rounded(-length * 0.34, -1.9, length * 0.6, 3.8, 1.4));
            fill(car, colour.brighter(), rounded(-length * 0.2, -1.7, length * 0.3, 3.4, 0.8));
        }
        drawLights(car, length);
        car.dispose();
    }

    private static void drawLights(Graphics2D car, double length) {
        fill(car, new Color(255, 244, 190), new Rectangle2D.Double(length / 2 - 0.7, -1.9, 0.7, 1));
        fill(car, new Color(255, 244, 190), new Rectangle2D.Double(length / 2 - 0.7, 0.9, 0.7, 1));
        fill(car, new Color(190, 24, 24), new Rectangle2D.Double(-length / 2, -1.9, 0.5, 1));
        fill(car, new Color(190, 24, 24), new Rectangle2D.Double(-length / 2, 0.9, 0.5, 1));
    }
}
