package io.framecast.preview.http;

import java.util.List;

/** What {@code /health/ready} answers from; asked on every request, so it has to answer at once. */
@FunctionalInterface
public interface Health {
    /** Always ready. */
    Health READY = List::of;

    /** What is not ready yet, in a few words each, as in {@code "kafka: no broker answers"}; empty when all is. */
    List<String> notReady();
}
