package io.framecast.motion;

import static org.assertj.core.api.Assertions.assertThat;

import io.framecast.frame.FrameShape;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
    private static final int WIDTH = 13;
    private static final int HEIGHT = 9;
    private static final int PLACES = WIDTH * HEIGHT;
    private static final float REACH = 0.75f;

    @Test
    void arrivals_ofRandomMovements_areTheFastestWithinReach() {
        var random = new Random(1);
        for (int round = 0; round < 50; round++) {
            var dx = new float[PLACES];
            var dy = new float[PLACES];
            for (int place = 0; place < PLACES; place++) {
                dx[place] = random.nextBoolean() ? 0 : random.nextInt(13) / 4f - 1.5f; // many are equally fast
                dy[place] = random.nextBoolean() ? 0 : 3 * random.nextFloat() - 1.5f;
            }
            float frames = round % 2 == 0 ? random.nextInt(33) : 5 * random.nextFloat();
            var found = new int[PLACES];

            new FlowField(new FrameShape(HEIGHT, WIDTH, 3), dx, dy).arrivals(frames, found);

            assertThat(found).containsExactly(naive(dx, dy, frames));
        }
    }

    @Test
    void arrivals_ofMovementsThatAreNoNumbers_leaveEverythingElse() {
        float[] dx = {Float.NaN, 0, Float.POSITIVE_INFINITY, 1e30f};
        var found = new int[4];

        new FlowField(new FrameShape(1, 4, 3), dx, new float[4]).arrivals(2, found);

        assertThat(found).containsExactly(-1, 1, -1, -1);
    }

    private static int[] naive(float[] dx, float[] dy, float frames) {
        var origins = new int[PLACES];
        for (int at = 0; at < PLACES; at++) {
            origins[at] = -1;
            float fastest = -1;
            for (int place = 0; place < PLACES; place++) {
                int row = place / WIDTH;
                float x = place % WIDTH + frames * dx[place];
                float y = row + frames * dy[place];
                int atRow = at / WIDTH;
                int atColumn = at % WIDTH;
                float speed = dx[place] * dx[place] + dy[place] * dy[place];
                boolean within =
                        atColumn >= x - REACH && atColumn <= x + REACH && atRow >= y - REACH && atRow <= y + REACH;
                if (within && speed > fastest) {
                    origins[at] = place;
                    fastest = speed;
                }
            }
        }
        return origins;
    }
}
