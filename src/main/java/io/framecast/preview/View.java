package io.framecast.preview;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How the live picture and its forecast are shown together. */
public enum View {
    /** The forecast blended over the live picture. */
    OVERLAY,
    /** The live picture left, the forecast right. */
    SIDE,
    /** The live picture in grey, and in colour what the forecast changes. */
    DIFFERENCE,
    /** The live picture alone. */
    LIVE,
    /** The forecast alone. */
    FORECAST;

    /** The view as it appears in a URL: its name in lower case. */
    public static Optional<View> named(String name) {
        return Arrays.stream(values()).filter(view -> view.word().equals(name)).findFirst();
    }

    /** Its name in small letters. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The view that a key press moves on to. */
    public View next() {
        var views = List.of(values());
        return views.get((views.indexOf(this) + 1) % views.size());
    }

    public boolean showsForecast() {
        return this != LIVE;
    }
}
