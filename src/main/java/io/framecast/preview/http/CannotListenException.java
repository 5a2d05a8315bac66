package io.framecast.preview.http;

/** The preview's address can't be bound: taken, forbidden or unknown. The message is one line with the way out. */
public final class CannotListenException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CannotListenException(String message, Throwable cause) {
        super(message, cause);
    }
}
