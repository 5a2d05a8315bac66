package io.framecast.camera;

import java.time.Duration;
import java.util.regex.Pattern;

/** Times as people write them: 20ms, 30s, 5m, 2h. */
public final class TimeText {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

    private TimeText() {}

    /**
     * The time that a text says.
     *
     * @throws IllegalArgumentException if it says none
     */
    public static Duration parse(String text) {
        var matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no time: write it as 20ms, 30s, 5m or 2h");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }
}
