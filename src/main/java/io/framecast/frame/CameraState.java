package io.framecast.frame;

import java.util.Locale;

/** What a camera is doing, or what is the matter with what is made of its frames: the worst of both. */
public enum CameraState {
    /** Being opened for the first time. */
    CONNECTING,
    /** Delivering frames, and forecasts of them come in time. */
    LIVE,
    /** Lost or not reached; being tried again. */
    RECONNECTING,
    /** Played to its end. */
    ENDED,
    /** It cannot work as it is; a camera is tried again all the same, rarely. */
    FAILED,
    /** Left alone, because somebody wants that for now. */
    PAUSED,
    /** Delivering frames, but their forecasts come when much of what they foretell is over. */
    OVERLOADED,
    /** Delivering frames, of which no forecast comes. */
    NO_FORECAST,
    /** Delivering frames; forecasts of them come, but no more scores. */
    NO_SCORE;

    /** Its name in small letters, as the JSON and the console show it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether frames come. */
    public boolean isDelivering() {
        return switch (this) {
            case LIVE, OVERLOADED, NO_FORECAST, NO_SCORE -> true;
            case CONNECTING, RECONNECTING, ENDED, FAILED, PAUSED -> false;
        };
    }
}
