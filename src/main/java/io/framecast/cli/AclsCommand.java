package io.framecast.cli;

import io.framecast.node.RoleRights;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code topics acls}: the rights that each role needs on a cluster, as commands for its administrator. */
@Command(
        name = "acls",
        footer = "Example: framecast topics acls --kafka kafka:9092 --principal User:framecast",
        sortOptions = false,
        description = "Print the commands that grant each role the rights it needs, and no more. predict also"
                + " needs the rights of score, unless it runs with --no-score. run needs the rights of all"
                + " roles but tail.")
final class AclsCommand implements Callable<Integer> {
    @Option(
            names = "--principal",
            paramLabel = "USER",
            defaultValue = "User:framecast",
            description = "The user who gets the rights. Default: ${DEFAULT-VALUE}")
    String principal = "User:framecast";

    @Option(
            names = "--model",
            paramLabel = "NAME|DIR",
            defaultValue = ModelsOption.DEFAULT,
            description = "The model that predict is started with: its consumer group is named after the model."
                    + " Default: ${DEFAULT-VALUE}")
    String model = ModelsOption.DEFAULT;

    @Option(
            names = "--group",
            paramLabel = "NAME",
            defaultValue = "",
            description = "The --group of predict, if it has one.")
    String group = "";

    @Mixin
    ModelsOption models = new ModelsOption();

    @Mixin
    KafkaOptions kafka = new KafkaOptions();

    @Mixin
    SharedOptions shared = new SharedOptions();

    @Override
    public Integer call() {
        if (!principal.matches("[^:\\s]+:.+")) {
            throw new IllegalArgumentException(
                    "principal '" + principal + "' is malformed: write it as User:NAME, as the brokers know it");
        }
        var config = kafka.config(true);
        String bootstrap = config.bootstrap()
                .orElseThrow(() -> new IllegalArgumentException(
                        "an embedded broker has no access rules: name the cluster with --kafka HOST:PORT"));
        Console.say("# Add --command-config FILE where administrators must log in.");
        for (RoleRights role : RoleRights.all(config.prefix(), models.directory(), model, group)) {
            Console.say("# " + role.role());
            List<String> commands = role.commands(config.prefix(), bootstrap, principal);
            commands.forEach(Console::say);
        }
        return ExitCodes.DONE;
    }
}
