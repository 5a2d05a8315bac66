package io.framecast.preview.window;

import java.awt.Robot;
import java.awt.event.InputEvent;
import java.awt.event.KeyEvent;
import java.util.Locale;

/** Presses keys in the window under the middle of the display, as a person would; a process of its own. */
final class WindowKeys {
    private static final int PAUSE_MILLIS = 150;

    private WindowKeys() {}

    public static void main(String[] keys) throws Exception {
        var robot = new Robot();
        robot.setAutoDelay(PAUSE_MILLIS);
        robot.mouseMove(300, 300);
        robot.mousePress(InputEvent.BUTTON1_DOWN_MASK);
        robot.mouseRelease(InputEvent.BUTTON1_DOWN_MASK);
        for (String key : keys) {
            int code = KeyEvent.class
                    .getField("VK_" + key.toUpperCase(Locale.ROOT))
                    .getInt(null);
            robot.keyPress(code);
            robot.keyRelease(code);
        }
        robot.waitForIdle();
    }
}
