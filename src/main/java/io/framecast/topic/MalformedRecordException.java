package io.framecast.topic;

import org.jspecify.annotations.Nullable;

/** A record whose bytes are not what its topic holds. */
public final class MalformedRecordException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Says what is wrong with it. */
    public MalformedRecordException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
