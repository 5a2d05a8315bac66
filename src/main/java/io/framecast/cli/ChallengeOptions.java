package io.framecast.cli;

import io.framecast.data.Recording;
import io.framecast.evaluate.Challenge;
import io.framecast.evaluate.ChallengeReport;
import io.framecast.forecast.Forecaster;
import io.framecast.model.ModelFolder;
import io.framecast.model.NetworkForecaster;
import io.framecast.model.engine.ComputeDevice;
import io.framecast.model.engine.Precision;
import io.framecast.node.Baselines;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Whether what is trained is to challenge a model in use. */
final class ChallengeOptions {
    /** The folder of the training in that of the model: it becomes the model only if it is better. */
    private static final String CHALLENGER = "challenger";

    @Option(
            names = "--challenge",
            paramLabel = "NAME|DIR",
            defaultValue = "",
            description = "With --from-topic: compare the new model with this one on the newest frames, and use it"
                    + " in its place if it is better by more than chance.")
    String champion = "";

    @Option(
            names = "--judged-share",
            paramLabel = "SHARE",
            description = "With --challenge, the share of the frames, the newest ones, on which the models are"
                    + " compared; the training does not see them. Default: 0.3")
    double judgedShare = 0.3;

    @Option(
            names = "--promote",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "With --challenge, use the new model if it is better. Default: true")
    boolean promote = true;

    boolean isGiven() {
        return !champion.isEmpty();
    }

    /**
     * Makes sure that both can be compared.
     *
     * @throws IllegalArgumentException if they cannot
     */
    void check(DataOptions data, List<String> validation, ModelsOption models) {
        if (!data.fromTopic || !data.data.isEmpty() || !validation.isEmpty()) {
            throw new IllegalArgumentException("--challenge " + champion
                    + " judges on what the cameras saw: give --from-topic, and neither DATA nor --validation");
        }
        if (!(judgedShare > 0 && judgedShare < 1)) {
            throw new IllegalArgumentException(
                    "judged share " + judgedShare + " is out of range: use more than 0 and less than 1");
        }
        var unused = folder(models); // complains where there is no such model
    }

    private Optional<ModelFolder> folder(ModelsOption models) {
        return Baselines.has(champion) ? Optional.empty() : Optional.of(ModelFolder.find(models.directory(), champion));
    }

    /** Where the training goes. */
    Path folder(Path out) {
        return isGiven() ? out.resolve(CHALLENGER) : out;
    }

    /** The name of the model in use, as its forecasts have it. */
    String championName(ModelsOption models) {
        return folder(models).map(folder -> folder.description().name()).orElse(champion);
    }

    /** Judges a trained model. */
    ChallengeReport judge(
            ModelFolder trained, List<Recording> judged, ModelsOption models, ComputeDevice device, long seed) {
        try (Forecaster own = folder(models)
                        .<Forecaster>map(folder -> NetworkForecaster.load(folder, device, Precision.FLOAT32))
                        .orElseGet(() -> Baselines.open(champion));
                Forecaster challenger = NetworkForecaster.load(trained, device, Precision.FLOAT32)) {
            return new Challenge(own, challenger, Console::warn).judge(judged, seed);
        }
    }
}
