package io.framecast.topic;

import com.google.protobuf.InvalidProtocolBufferException;
import org.jspecify.annotations.Nullable;

/** A record whose bytes are not what its topic holds. */
public final class MalformedRecordException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** What is wrong with a record, in one of few words. */
    public enum Kind {
        /** No Protobuf of its message. */
        UNREADABLE,
        /** Readable, with values that are none. */
        INVALID,
        /** Not the key that its value calls for. */
        WRONG_KEY,
        /** Pictures of another size than the model takes. */
        WRONG_SHAPE,
        /** Of one camera more than a partition may have. */
        TOO_MANY_CAMERAS
    }

    /** Says what is wrong with it. */
    public MalformedRecordException(String message, @Nullable Throwable cause) {
        this(cause instanceof InvalidProtocolBufferException ? Kind.UNREADABLE : Kind.INVALID, message, cause);
    }

    /** Says what is wrong with a record that could be read. */
    public MalformedRecordException(Kind kind, String message) {
        this(kind, message, null);
    }

    private MalformedRecordException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** What is wrong with it. */
    public Kind kind() {
        return kind;
    }
}
