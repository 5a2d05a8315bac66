package io.framecast.node;

import io.framecast.preview.http.HttpConfig;

/**
 * The preview role, and every other role's health and metrics.
 *
 * @param http where the page is served
 * @param web whether pictures are served; if not, only health and metrics are
 * @param window whether a desktop window is opened
 */
public record PreviewConfig(HttpConfig http, boolean web, boolean window) {
    /** Whether anything is to be looked at. */
    boolean shows() {
        return web || window;
    }
}
