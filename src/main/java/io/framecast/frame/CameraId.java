package io.framecast.frame;

import java.util.regex.Pattern;

/**
 * The name of a camera, and the key of all its records: 1 to 64 letters, digits, underscores or dashes.
 *
 * @param value the name, matching {@code [A-Za-z0-9_-]{1,64}}
 */
public record CameraId(String value) implements Comparable<CameraId> {
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if it does not match
     */
    public CameraId {
        if (!ALLOWED.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "camera id '" + value + "' is malformed: use 1 to 64 of A-Z a-z 0-9 _ and -, as in front-door");
        }
    }

    @Override
    public int compareTo(CameraId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
