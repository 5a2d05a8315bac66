package io.framecast.node;

import java.util.List;

/** Sources that could not be read; one line per source. */
public final class CaptureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CaptureException(List<String> reasons) {
        super(String.join(System.lineSeparator(), reasons));
    }
}
