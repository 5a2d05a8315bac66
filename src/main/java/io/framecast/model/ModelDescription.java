package io.framecast.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.framecast.frame.FrameShape;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code model.yaml} says.
 *
 * @param name the model's name, that of its folder
 * @param version its version
 * @param date when it was made, YYYY-MM-DD
 * @param summary one sentence for {@code models list}
 * @param architecture an {@link Architecture}'s name
 * @param hyperParameters the network's settings
 * @param contextLength how many real frames it reads at most, 1 to 256
 * @param leastContextLength how many it must have, 1 to {@code contextLength}, which is the default
 * @param shape height, width and channels of a frame
 * @param training how it was trained: data, recipe, seed, steps and so on
 * @param metrics what was measured of it
 * @param expectedError what it expects of its own error, as {@link io.framecast.forecast.ExpectedError} holds it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({
    "name",
    "version",
    "date",
    "summary",
    "architecture",
    "hyperParameters",
    "contextLength",
    "leastContextLength",
    "shape",
    "training",
    "metrics",
    "expectedError"
})
public record ModelDescription(
        String name,
        String version,
        String date,
        String summary,
        String architecture,
        Map<String, Object> hyperParameters,
        int contextLength,
        @Nullable Integer leastContextLength,
        List<Integer> shape,
        Map<String, Object> training,
        Map<String, Object> metrics,
        @Nullable List<List<Double>> expectedError) {
    /** How many real frames it reads, as in "10 to 64 frames". */
    public String contextInWords() {
        return (leastContext() == contextLength ? "" : leastContext() + " to ") + contextLength + " frames";
    }

    /** How many real frames it must have. */
    public int leastContext() {
        return leastContextLength == null ? contextLength : leastContextLength;
    }

    /**
     * Starts with version 1, no hyper-parameters, and no expected error.
     *
     * @param name the model's name
     * @param architecture an {@link Architecture}'s name
     * @param contextLength how many real frames it wants
     * @param shape of its frames
     */
    public static Builder builder(String name, String architecture, int contextLength, FrameShape shape) {
        return new Builder(name, architecture, contextLength, List.of(shape.height(), shape.width(), shape.channels()));
    }

    /** The same model, which expects these errors. */
    public ModelDescription expecting(List<List<Double>> errors) {
        return copy().version(version)
                .date(date)
                .summary(summary)
                .hyperParameters(hyperParameters)
                .training(training)
                .metrics(metrics)
                .expectedError(errors)
                .build();
    }

    private Builder copy() {
        var copy = new Builder(name, architecture, contextLength, shape);
        copy.leastContextLength = leastContextLength;
        return copy;
    }

    /** The same model as another version. */
    public ModelDescription withVersion(String number) {
        var same = copy().version(number)
                .date(date)
                .summary(summary)
                .hyperParameters(hyperParameters)
                .training(training)
                .metrics(metrics);
        return (expectedError == null ? same : same.expectedError(expectedError)).build();
    }

    /** Sets what may be left out, by name. */
    public static final class Builder {
        private final String name;
        private final String architecture;
        private final int contextLength;
        private final List<Integer> shape;
        private @Nullable Integer leastContextLength;
        private String version = "1";
        private String date = "";
        private String summary = "";
        private Map<String, Object> hyperParameters = Map.of();
        private Map<String, Object> training = Map.of();
        private Map<String, Object> metrics = Map.of();
        private @Nullable List<List<Double>> expectedError;

        private Builder(String name, String architecture, int contextLength, List<Integer> shape) {
            this.name = name;
            this.architecture = architecture;
            this.contextLength = contextLength;
            this.shape = shape;
        }

        /** How many real frames it must have. */
        public Builder leastContextLength(int value) {
            leastContextLength = value == contextLength ? null : Integer.valueOf(value);
            return this;
        }

        private Builder version(String value) {
            version = value;
            return this;
        }

        /** When it was made, YYYY-MM-DD. */
        public Builder date(String value) {
            date = value;
            return this;
        }

        /** One sentence for {@code models list}. */
        public Builder summary(String value) {
            summary = value;
            return this;
        }

        /** The network's settings. */
        public Builder hyperParameters(Map<String, Object> value) {
            hyperParameters = value;
            return this;
        }

        /** How it was trained. */
        public Builder training(Map<String, Object> value) {
            training = value;
            return this;
        }

        /** What was measured of it. */
        public Builder metrics(Map<String, Object> value) {
            metrics = value;
            return this;
        }

        private Builder expectedError(List<List<Double>> value) {
            expectedError = value;
            return this;
        }

        /** The description. */
        public ModelDescription build() {
            return new ModelDescription(
                    name,
                    version,
                    date,
                    summary,
                    architecture,
                    hyperParameters,
                    contextLength,
                    leastContextLength,
                    shape,
                    training,
                    metrics,
                    expectedError);
        }
    }
}
