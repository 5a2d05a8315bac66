package io.framecast.source;

import io.framecast.frame.CameraId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A camera of the command line: {@code [ID=]SOURCE}.
 *
 * @param camera its id, given or derived from the source
 * @param location where its pictures come from
 */
public record SourceSpec(CameraId camera, SourceLocation location) {
    private static final int MAX_ID = 64;

    /**
     * Reads one {@code [ID=]SOURCE}. What precedes the first {@code =} is an id unless it holds {@code /} or {@code :}.
     * Without one, the id is the file's name without extension, {@code camera0} for device 0, the host of a URL or the
     * scene's name, illegal characters replaced by dashes.
     *
     * @throws IllegalArgumentException if id or source is malformed
     */
    public static SourceSpec parse(String text) {
        return Named.parse(text).spec();
    }

    /**
     * Reads several and gives every camera an id of its own: derived ids that repeat get {@code -2}, {@code -3} and so
     * on.
     *
     * @throws IllegalArgumentException if one is malformed, or two are given the same id
     */
    public static List<SourceSpec> parseAll(List<String> texts) {
        var named = texts.stream().map(Named::parse).toList();
        var taken = new HashSet<CameraId>();
        for (var one : named) {
            if (one.given() && !taken.add(one.spec().camera())) {
                throw new IllegalArgumentException("camera id '" + one.spec().camera()
                        + "' is given to more than one source: use each id once, as in left=0 right=1");
            }
        }
        var result = new ArrayList<SourceSpec>();
        for (var one : named) {
            var spec = one.given() ? one.spec() : one.spec().renamed(taken);
            taken.add(spec.camera());
            result.add(spec);
        }
        return List.copyOf(result);
    }

    /** A camera there with an id derived from the location, as {@link #parse} derives it. */
    public static SourceSpec of(SourceLocation location) {
        return new SourceSpec(derived(location), location);
    }

    /** The same with an id that is not taken: with {@code -2}, {@code -3} and so on where it is. */
    public SourceSpec renamed(Set<CameraId> taken) {
        var candidate = camera;
        for (var number = 2; taken.contains(candidate); number++) {
            var suffix = "-" + number;
            var stem = camera.value();
            candidate = new CameraId(stem.substring(0, Math.min(stem.length(), MAX_ID - suffix.length())) + suffix);
        }
        return new SourceSpec(candidate, location);
    }

    private static CameraId derived(SourceLocation location) {
        var legal = location.name().replaceAll("[^A-Za-z0-9_-]+", "-").replaceAll("^-+|-+$", "");
        var named = legal.isEmpty() ? "camera" : legal;
        return new CameraId(named.substring(0, Math.min(named.length(), MAX_ID)));
    }

    private record Named(SourceSpec spec, boolean given) {
        static Named parse(String text) {
            var equals = text.indexOf('=');
            var prefix = equals < 0 ? "" : text.substring(0, equals);
            if (equals < 0 || prefix.indexOf('/') >= 0 || prefix.indexOf(':') >= 0) {
                var location = SourceLocation.parse(text);
                return new Named(SourceSpec.of(location), false);
            }
            return new Named(
                    new SourceSpec(new CameraId(prefix), SourceLocation.parse(text.substring(equals + 1))), true);
        }
    }
}
