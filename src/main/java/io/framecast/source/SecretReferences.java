package io.framecast.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Secrets that an address only refers to, so that they stand neither on a command line nor in a file of settings:
 * <code>{env:NAME}</code> is the value of a variable of the environment, <code>{file:PATH}</code> what a file holds. As
 * in many programs, a dollar sign may stand before the brace.
 *
 * @param environment the value of a variable; null if it is not set
 */
record SecretReferences(Environment environment) {
    /** The variables of a process. */
    interface Environment {
        @Nullable
        String value(String name);
    }

    private static final Pattern REFERENCE = Pattern.compile("\\$?\\{(env|file):([^{}]+)}");
    private static final Pattern BROKEN = Pattern.compile("\\{(env|file):");
    private static final Pattern UNREADABLE_BY_SRT = Pattern.compile("[&+#\\s]");
    private static final String UNRESERVED = "-._~";
    private static final int LONGEST = 4096;

    /** Those of this process. */
    static SecretReferences ofThisProcess() {
        return new SecretReferences(System::getenv);
    }

    /**
     * An address whose references are resolved.
     *
     * @param open with the secrets, in the form that an address needs
     * @param shown without them
     */
    record Resolved(String open, String shown) {}

    /** Whether a source is a reference and nothing else, so that it stands for a whole address. */
    static boolean isWhole(String source) {
        return REFERENCE.matcher(source).matches();
    }

    /**
     * What a reference that is the whole source stands for, as it would be typed.
     *
     * @throws SourceException if it is not there
     */
    String whole(String source) {
        var reference = REFERENCE.matcher(source);
        if (!reference.matches()) {
            throw new IllegalArgumentException("'" + source + "' is no reference");
        }
        return value(source, reference.toMatchResult());
    }

    /**
     * Puts secrets in place of their references. They are percent-encoded, so that they may hold any character; but not
     * for SRT, whose parameters FFmpeg takes as they stand.
     *
     * @throws IllegalArgumentException if a reference has no end
     * @throws SourceException if a secret is not there, or cannot stand in such an address
     */
    Resolved resolve(String address) {
        var shown = REFERENCE.matcher(address).replaceAll(Matcher.quoteReplacement(AddressMask.MASK));
        if (BROKEN.matcher(shown).find()) {
            throw new IllegalArgumentException("source '" + AddressMask.of(shown)
                    + "' holds a reference without its end: write {env:NAME} or {file:PATH}");
        }
        var isSrt = address.regionMatches(true, 0, "srt:", 0, 4);
        var open = REFERENCE.matcher(address).replaceAll(found -> {
            var value = value(AddressMask.of(shown), found);
            return Matcher.quoteReplacement(
                    isSrt ? plain(AddressMask.of(shown), found, value) : StreamUrl.escaped(value, UNRESERVED));
        });
        return new Resolved(open, shown);
    }

    private static String plain(String shown, MatchResult reference, String value) {
        if (UNREADABLE_BY_SRT.matcher(value).find()) {
            throw missing(
                    shown,
                    words(reference) + " holds a space or one of & + #, which FFmpeg cannot read there: choose a"
                            + " passphrase without");
        }
        return value;
    }

    private String value(String shown, MatchResult reference) {
        var value = reference.group(1).equals("env")
                ? variable(shown, reference)
                : content(shown, reference).replaceFirst("\\r?\\n$", "");
        if (value.isEmpty()) {
            throw missing(shown, words(reference) + " is empty: write the secret into it");
        }
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw missing(
                    shown,
                    words(reference) + " holds more than one line or control characters: write the"
                            + " secret alone into it");
        }
        return value;
    }

    private String variable(String shown, MatchResult reference) {
        var value = environment.value(reference.group(2));
        if (value == null) {
            throw missing(shown, words(reference) + " is not set: set it for the process that runs Framecast");
        }
        return value;
    }

    private static String content(String shown, MatchResult reference) {
        try (InputStream in = Files.newInputStream(Path.of(reference.group(2)))) {
            var bytes = in.readNBytes(LONGEST + 1);
            if (bytes.length > LONGEST) {
                throw missing(
                        shown,
                        words(reference) + " is larger than " + LONGEST + " bytes: write the secret alone into it");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw missing(shown, words(reference) + " is not text in UTF-8: write the secret alone into it");
        } catch (IOException | InvalidPathException e) {
            throw missing(shown, words(reference) + " cannot be read: check its path and permissions");
        }
    }

    private static String words(MatchResult reference) {
        return (reference.group(1).equals("env") ? "the variable '" : "the file '")
                + PrintableName.of(reference.group(2)) + "'";
    }

    private static SourceException missing(String shown, String why) {
        return SourceFailure.SECRET_MISSING.of("'" + PrintableName.of(shown) + "'", why);
    }
}
