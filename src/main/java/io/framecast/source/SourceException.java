package io.framecast.source;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A source could not be opened or read; the message is one line, names the source (masked) and the way out. */
public final class SourceException extends RuntimeException {
    /** Why, for a metric. */
    public enum Reason {
        /** There is no such file. */
        NO_SUCH_FILE(true),
        /** It was opened, but holds no video that can be decoded. */
        NOT_A_VIDEO(true),
        /** There is no such capture device. */
        NO_SUCH_DEVICE(true),
        /** The file or device may not be opened by this user. */
        NO_PERMISSION(true),
        /** This machine or build lacks what it takes: native libraries, a protocol, a decoder. */
        UNSUPPORTED(true),
        /** The host answers, but nothing listens on that port. */
        REFUSED(false),
        /** The host's name is not known. */
        NO_SUCH_HOST(false),
        /** There is no way to the host. */
        UNREACHABLE(false),
        /** No answer, or no pictures, in the time allowed. */
        TIMED_OUT(false),
        /** User or password is wrong or missing. */
        UNAUTHORIZED(false),
        /** The server has nothing at that path. */
        NOT_FOUND(false),
        /** The device is in use by another program. */
        BUSY(false),
        /** The stream broke off, or the server answered with something else. */
        LOST(false);

        private final boolean permanent;

        Reason(boolean permanent) {
            this.permanent = permanent;
        }

        /** Whether trying again cannot help. */
        public boolean permanent() {
            return permanent;
        }

        /** The name for a metric: lower case with dashes, such as {@code no-such-file}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private static final long serialVersionUID = 1;

    private final Reason reason;
    private final @Nullable SourceFailure failure;

    SourceException(SourceFailure failure, String message) {
        super(message);
        this.reason = failure.reason();
        this.failure = failure;
    }

    public SourceException(Reason reason, String message) {
        super(message);
        this.reason = reason;
        this.failure = null;
    }

    public SourceException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.failure = null;
    }

    /** Whether this is the cause. */
    public boolean is(SourceFailure cause) {
        return failure == cause;
    }

    /** Why, for a metric. */
    public Reason reason() {
        return reason;
    }
}
