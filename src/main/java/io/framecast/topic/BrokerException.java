package io.framecast.topic;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A broker that cannot be started or reached; the message names it and the way out. */
public final class BrokerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why, for a metric to count. */
    public enum Reason {
        LOCKED,
        PORT_IN_USE,
        UNREACHABLE,
        STORAGE,
        REFUSED
    }

    private final Reason reason;

    /** Makes one with the whole sentence a person should read. */
    public BrokerException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Why, in lower case. */
    public String reason() {
        return reason.name().toLowerCase(Locale.ROOT);
    }
}
