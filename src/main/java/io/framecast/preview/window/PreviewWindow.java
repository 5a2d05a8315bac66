package io.framecast.preview.window;

import io.framecast.forecast.Forecast;
import io.framecast.preview.CameraView;
import io.framecast.preview.CameraViews;
import io.framecast.preview.View;
import io.framecast.preview.draw.PreviewPicture;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.EventQueue;
import java.awt.Graphics;
import java.awt.GraphicsEnvironment;
import java.awt.event.ActionEvent;
import java.awt.event.WindowAdapter;
import java.awt.event.WindowEvent;
import java.awt.image.BufferedImage;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.swing.AbstractAction;
import javax.swing.JComponent;
import javax.swing.JFrame;
import javax.swing.KeyStroke;
import javax.swing.Timer;

/**
 * A desktop window on the cameras. Keys: v next view, n or Tab next camera, left and right the step that is shown,
 * space the loop through all of them, q or Esc close.
 */
public final class PreviewWindow implements AutoCloseable {
    private static final int SIDE = 512;
    private static final int PACE_MILLIS = 50;

    private final AtomicBoolean ended = new AtomicBoolean();
    private final PreviewPicture picture = new PreviewPicture(SIDE);
    private final JFrame window = new JFrame("Framecast");
    private final Screen screen = new Screen();
    private final Timer timer = new Timer(PACE_MILLIS, tick -> showNewest());
    private final CameraViews views;
    private final Runnable onClose;
    private View view = View.SIDE;
    private int camera;
    private OptionalInt held = OptionalInt.empty();

    private PreviewWindow(CameraViews views, Runnable onClose) {
        this.views = views;
        this.onClose = onClose;
    }

    /**
     * Opens the window.
     *
     * @param onClose called once when the window was closed, by whomever
     * @throws NoDisplayException if there is no display
     */
    public static PreviewWindow open(CameraViews views, Runnable onClose) {
        if (GraphicsEnvironment.isHeadless()) {
            throw new NoDisplayException("there is no display to open a window on: set DISPLAY, or use --preview web");
        }
        var window = new PreviewWindow(views, onClose);
        EventQueue.invokeLater(window::build);
        return window;
    }

    /** Closes the window; a second call does nothing. */
    @Override
    public void close() {
        if (ended.compareAndSet(false, true)) {
            EventQueue.invokeLater(() -> {
                timer.stop();
                window.dispose();
            });
            onClose.run();
        }
    }

    private void build() {
        window.setDefaultCloseOperation(JFrame.DO_NOTHING_ON_CLOSE);
        window.addWindowListener(new WindowAdapter() {
            @Override
            public void windowClosing(WindowEvent event) {
                close();
            }
        });
        screen.setPreferredSize(new Dimension(2 * SIDE, SIDE));
        screen.setFocusTraversalKeysEnabled(false); // Tab is ours
        screen.setFocusable(true);
        on("V", () -> view = view.next());
        on("N", () -> camera++);
        on("TAB", () -> camera++);
        on("LEFT", () -> hold(-1));
        on("RIGHT", () -> hold(1));
        on("SPACE", () -> held = held.isPresent() ? OptionalInt.empty() : OptionalInt.of(shownStep()));
        on("Q", this::close);
        on("ESCAPE", this::close);
        window.add(screen);
        window.pack();
        window.setVisible(true);
        screen.requestFocusInWindow();
        timer.start();
    }

    private void on(String key, Runnable action) {
        screen.getInputMap(JComponent.WHEN_IN_FOCUSED_WINDOW).put(KeyStroke.getKeyStroke(key), key);
        screen.getActionMap().put(key, new AbstractAction() {
            @Override
            public void actionPerformed(ActionEvent event) {
                action.run();
                showNewest();
            }
        });
    }

    private void hold(int further) {
        held = OptionalInt.of(Math.max(0, Math.min(shownStep() + further, Forecast.HORIZON - 1)));
    }

    private int shownStep() {
        return held.orElseGet(() -> shown().flatMap(CameraView::forecast)
                .map(forecast ->
                        PreviewPicture.stepAt(forecast.value(), views.clock().instant()))
                .orElse(0));
    }

    private Optional<CameraView> shown() {
        var cameras = views.all();
        return cameras.isEmpty() ? Optional.empty() : Optional.of(cameras.get(camera % cameras.size()));
    }

    private void showNewest() {
        shown().ifPresent(shown -> {
            window.setTitle("Framecast: " + shown.camera() + " (" + view.word() + ")");
            screen.show(picture.draw(shown, view, views.clock().instant(), held));
        });
    }

    /** Shows one picture as large as it fits. */
    private static final class Screen extends JComponent {
        private BufferedImage shown = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);

        void show(BufferedImage newest) {
            shown = newest;
            repaint();
        }

        @Override
        protected void paintComponent(Graphics graphics) {
            graphics.setColor(Color.BLACK);
            graphics.fillRect(0, 0, getWidth(), getHeight());
            double scale = Math.min(getWidth() / (double) shown.getWidth(), getHeight() / (double) shown.getHeight());
            int width = (int) (shown.getWidth() * scale);
            int height = (int) (shown.getHeight() * scale);
            graphics.drawImage(shown, (getWidth() - width) / 2, (getHeight() - height) / 2, width, height, null);
        }
    }
}
