package io.framecast.preview.draw;

import java.awt.Color;
import java.awt.Graphics2D;
import java.util.Locale;

/**
 * Letters of 5 x 7 dots for labels on pictures. Java's own text needs fonts on the machine, which a server or container
 * often has none of.
 */
final class PixelFont {
    static final int HEIGHT = 7;

    private static final int WIDTH = 5;
    private static final int ADVANCE = WIDTH + 1;
    private static final char FIRST = ' ';
    private static final char LAST = 'Z';

    /** From space to Z, two hexadecimal digits a column, its top dot in the lowest bit. */
    private static final String COLUMNS = "000000000000005F00000007000700147F147F14242A7F2A122313086462"
            + "36495620500008070300001C2241000041221C002A1C7F1C2A08083E0808"
            + "00807030000808080808000060600020100804023E5149453E00427F4000"
            + "72494949462141494D331814127F1027454545393C4A4949314121110907"
            + "3649494936464949291E0000140000004034000000081422411414141414"
            + "004122140802015909063E415D594E7C1211127C7F494949363E41414122"
            + "7F4141413E7F494949417F090909013E414151737F0808087F00417F4100"
            + "2040413F017F081422417F404040407F021C027F7F0408107F3E4141413E"
            + "7F090909063E4151215E7F09192946264949493203017F01033F4040403F"
            + "1F2040201F3F4038403F631408146303047804036159494D43";

    private PixelFont() {}

    /** The width of a text in dots. */
    static int width(String text) {
        return text.length() * ADVANCE - 1;
    }

    /**
     * Draws a text in capitals; letters it does not have are blank.
     *
     * @param dot the side of a dot in pixels
     */
    static void draw(Graphics2D graphics, String text, int x, int y, int dot, Color colour) {
        graphics.setColor(colour);
        var capitals = text.toUpperCase(Locale.ROOT);
        for (int i = 0; i < capitals.length(); i++) {
            drawLetter(graphics, capitals.charAt(i), x + i * ADVANCE * dot, y, dot);
        }
    }

    private static void drawLetter(Graphics2D graphics, char letter, int x, int y, int dot) {
        for (int column = 0; column < WIDTH; column++) {
            int dots = column(letter, column);
            for (int row = 0; row < HEIGHT; row++) {
                if ((dots >> row & 1) == 1) {
                    graphics.fillRect(x + column * dot, y + row * dot, dot, dot);
                }
            }
        }
    }

    private static int column(char letter, int column) {
        if (letter < FIRST || letter > LAST) {
            return 0;
        }
        int place = ((letter - FIRST) * WIDTH + column) * 2;
        return Integer.parseInt(COLUMNS, place, place + 2, 16);
    }
}
