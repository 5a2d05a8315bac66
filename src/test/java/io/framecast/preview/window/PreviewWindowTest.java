package io.framecast.preview.window;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.framecast.preview.CameraViews;
import java.awt.GraphicsEnvironment;
import org.junit.jupiter.api.Test;

class PreviewWindowTest {
    @Test
    void open_withoutDisplay_saysSoAndTheWayOut() {
        assumeTrue(GraphicsEnvironment.isHeadless(), "this machine has a display, so a window opens");

        assertThatThrownBy(() -> PreviewWindow.open(new CameraViews(), () -> {}))
                .isInstanceOf(NoDisplayException.class)
                .hasMessageContaining("--preview web");
    }
}
