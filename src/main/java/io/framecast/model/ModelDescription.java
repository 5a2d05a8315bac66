package io.framecast.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
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
 * @param contextLength how many real frames it wants, 1 to 256
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
        List<Integer> shape,
        Map<String, Object> training,
        Map<String, Object> metrics,
        @Nullable List<List<Double>> expectedError) {
    /** A model that does not know its error. */
    public ModelDescription(
            String name,
            String version,
            String date,
            String summary,
            String architecture,
            Map<String, Object> hyperParameters,
            int contextLength,
            List<Integer> shape,
            Map<String, Object> training,
            Map<String, Object> metrics) {
        this(
                name,
                version,
                date,
                summary,
                architecture,
                hyperParameters,
                contextLength,
                shape,
                training,
                metrics,
                null);
    }

    /** The same model, which expects these errors. */
    public ModelDescription expecting(List<List<Double>> errors) {
        return new ModelDescription(
                name,
                version,
                date,
                summary,
                architecture,
                hyperParameters,
                contextLength,
                shape,
                training,
                metrics,
                errors);
    }
}
