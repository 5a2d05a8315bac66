package io.framecast.cli;

import io.framecast.node.NodeConfig;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code framecast score}: frames and forecasts into the scores topic. */
@Command(
        name = "score",
        footer = "Example: framecast score --kafka kafka:9092 --health",
        sortOptions = false,
        description = "Score every forecast when the real frames have come. predict does this itself, unless"
                + " it runs with --no-score.")
final class ScoreCommand implements Callable<Integer> {
    @Mixin
    HealthOptions health = new HealthOptions();

    @Mixin
    RoleOptions role = new RoleOptions();

    @Override
    public Integer call() {
        return role.running.run(config());
    }

    /** What the options say. */
    NodeConfig config() {
        return role.config(true, Optional.empty(), Optional.empty(), true, health.config());
    }
}
