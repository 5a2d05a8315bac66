package io.framecast.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.OptionSpec;

/** Options and their values as they are typed. */
final class OptionText {
    private OptionText() {}

    /** What an option is for, in one line. */
    static String description(OptionSpec option) {
        String text = String.join(" ", option.description());
        return option.defaultValue() == null ? text : text.replace("${DEFAULT-VALUE}", option.defaultValue());
    }

    /** The default of an option, or what stands for its value where it has none. */
    static String example(OptionSpec option) {
        String usual = usual(option);
        return usual.isEmpty() ? option.paramLabel() : usual;
    }

    /** What an option is without anybody setting it; empty if nothing. */
    static String usual(OptionSpec option) {
        return option.defaultValue() == null ? text(option.initialValue()) : option.defaultValue();
    }

    private static String text(@Nullable Object value) {
        if (value == null || value.equals(Long.MAX_VALUE)) { // no limit
            return "";
        }
        if (value instanceof Optional<?> perhaps) {
            return perhaps.map(OptionText::text).orElse("");
        }
        if (value instanceof Duration time) {
            return text(time);
        }
        if (value instanceof Collection<?> several) {
            return several.stream().map(OptionText::text).collect(Collectors.joining(","));
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> entry.getKey() + "=" + text(entry.getValue()))
                    .collect(Collectors.joining(","));
        }
        if (value instanceof Enum<?> choice) {
            return choice.toString().toLowerCase(Locale.ROOT);
        }
        if (value instanceof Double number && number == Math.rint(number)) {
            return String.valueOf(number.longValue());
        }
        return value instanceof Path path ? path.toString() : String.valueOf(value);
    }

    private static String text(Duration time) {
        long millis = time.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }
}
