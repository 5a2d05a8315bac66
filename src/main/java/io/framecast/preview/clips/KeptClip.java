package io.framecast.preview.clips;

import io.framecast.frame.CameraId;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A clip of a surprising stretch that is kept as a file; all that is known of it is in the file's name.
 *
 * @param camera whose
 * @param begin when the stretch began, to the millisecond
 * @param length how long the clip is, which begins some seconds before
 * @param peak the highest surprise in it, to the hundredth
 */
public record KeptClip(CameraId camera, Instant begin, Duration length, double peak) {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final Pattern NAME =
            Pattern.compile("([A-Za-z0-9_-]{1,64})\\.([0-9]{8}T[0-9]{9}Z)\\.([0-9]{1,6})ms\\.([0-9]{1,4})\\.mp4");
    private static final double HUNDREDTHS = 100;

    /** What a file is by its name; nothing if it is no clip. */
    static Optional<KeptClip> named(String fileName) {
        Matcher name = NAME.matcher(fileName);
        if (!name.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new KeptClip(
                    new CameraId(name.group(1)),
                    Instant.from(TIME.parse(name.group(2))),
                    Duration.ofMillis(Long.parseLong(name.group(3))),
                    Integer.parseInt(name.group(4)) / HUNDREDTHS));
        } catch (DateTimeException | IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /** The file's name: {@code front.20261130T034205123Z.7200ms.512.mp4}. */
    public String fileName() {
        return camera + "." + TIME.format(begin) + "." + length.toMillis() + "ms." + Math.round(peak * HUNDREDTHS)
                + ".mp4";
    }
}
