package io.framecast.model.engine;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An engine or device that cannot be used; the message names it and the way out. */
public final class EngineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why, for a metric to count. */
    public enum Reason {
        /** The native libraries are of a version or flavor that does not fit, or the system cannot load them. */
        LIBRARY,
        /** The device that was asked for is not there or does not compute. */
        DEVICE
    }

    private final Reason reason;

    /** Makes one with the whole sentence a person should read. */
    EngineException(Reason reason, String message) {
        this(reason, message, null);
    }

    /** Makes one with what caused it. */
    EngineException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Why, in lower case. */
    public String reason() {
        return reason.name().toLowerCase(Locale.ROOT);
    }
}
