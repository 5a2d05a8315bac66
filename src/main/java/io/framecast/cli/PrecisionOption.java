package io.framecast.cli;

import io.framecast.model.engine.Precision;
import picocli.CommandLine.Option;

/** What models compute with, the same for every command that forecasts. */
final class PrecisionOption {
    @Option(
            names = "--precision",
            paramLabel = "auto|float32|bfloat16",
            defaultValue = "auto",
            description = "What models with an LSTM compute with; auto is bfloat16 if a trial at the start shows"
                    + " that it is accurate enough and faster. Default: ${DEFAULT-VALUE}")
    String precision = "auto";

    /**
     * The precision.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    Precision value() {
        return Precision.named(precision);
    }
}
