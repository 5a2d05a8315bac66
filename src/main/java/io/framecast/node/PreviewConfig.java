package io.framecast.node;

import io.framecast.preview.http.HttpConfig;

/**
 * The preview role, and every other role's health and metrics.
 *
 * @param http where the page is served
 * @param web whether pictures are served; if not, only health and metrics are
 * @param window whether a desktop window is opened
 * @param clips how many clips of surprising stretches are kept; 0 for none
 */
public record PreviewConfig(HttpConfig http, boolean web, boolean window, int clips) {
    /** How many clips are kept unless something else is said. */
    public static final int USUAL_CLIPS = 100;

    /** More would make the list of them slow to read. */
    private static final int MOST_CLIPS = 10_000;

    /**
     * Checks the number of clips.
     *
     * @throws IllegalArgumentException if it is not from 0 to 10,000
     */
    public PreviewConfig {
        if (clips < 0 || clips > MOST_CLIPS) {
            throw new IllegalArgumentException(
                    "clips is " + clips + ": give --clips a number from 1 to " + MOST_CLIPS + ", or 0 to keep none");
        }
    }

    /** One that keeps no clips. */
    public PreviewConfig(HttpConfig http, boolean web, boolean window) {
        this(http, web, window, 0);
    }

    /** Whether anything is to be looked at. */
    boolean shows() {
        return web || window;
    }
}
