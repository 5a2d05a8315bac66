package io.framecast.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The links of a page in Markdown to other files and their headings. */
final class PageLinks {
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|#)([^)#\\s]+)(#[^)\\s]+)?\\)");

    private PageLinks() {}

    /** Those that lead to no file, or to no heading in it. */
    static List<String> broken(Path page) {
        try {
            return LINK.matcher(Files.readString(page))
                    .results()
                    .filter(link -> !leadsSomewhere(page, link))
                    .map(link -> page + ": " + link.group())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + page, e);
        }
    }

    private static boolean leadsSomewhere(Path page, MatchResult link) {
        Path target = page.toAbsolutePath().resolveSibling(link.group(1)).normalize();
        return Files.exists(target) && hasHeading(target, link.group(2));
    }

    private static boolean hasHeading(Path target, String anchor) {
        try {
            return anchor == null
                    || Files.readAllLines(target).stream()
                            .filter(line -> line.startsWith("#"))
                            .map(line -> "#"
                                    + line.replaceFirst("^#+ +", "")
                                            .toLowerCase(Locale.ROOT)
                                            .replaceAll("[^a-z0-9 -]", "")
                                            .replace(' ', '-'))
                            .anyMatch(anchor::equals);
        } catch (IOException e) {
            return false;
        }
    }
}
