package io.framecast.model;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A model that cannot be used; the message names it and the way out. */
public final class ModelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why, for a metric to count. */
    public enum Reason {
        UNKNOWN,
        DAMAGED,
        /** This machine cannot do what was asked of it. */
        UNSUPPORTED
    }

    private final Reason reason;

    /** Makes one with the whole sentence a person should read. */
    public ModelException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Makes one with what caused it. */
    public ModelException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Why, in lower case. */
    public String reason() {
        return reason.name().toLowerCase(Locale.ROOT);
    }
}
