package io.framecast.cli;

import io.framecast.node.Broker;
import io.framecast.topic.TopicAdmin;
import io.framecast.topic.TopicAdmin.Created;
import io.framecast.topic.TopicAdmin.Difference;
import io.framecast.topic.TopicAdmin.Found;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code framecast topics}: the topics against their definitions. */
@Command(
        name = "topics",
        footer = "Example: framecast topics create --kafka kafka:9092 --replication 3",
        sortOptions = false,
        subcommands = AclsCommand.class,
        description = "Create, check or describe the topics.")
final class TopicsCommand implements Callable<Integer> {
    /** What to do with them. */
    enum Action {
        CREATE(TopicsCommand::create),
        CHECK(TopicsCommand::check),
        DESCRIBE(TopicsCommand::describe);

        @SuppressWarnings("ImmutableEnumChecker") // method references without state
        private final ToIntFunction<Topics> work;

        Action(ToIntFunction<Topics> work) {
            this.work = work;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private record Topics(TopicAdmin admin, Optional<Short> replication) {}

    @Parameters(
            paramLabel = "create|check|describe",
            arity = "0..1",
            description =
                    "create: those that are missing; check: how those"
                            + " that are there differ from their definitions (exit code 1 if they do); describe: what is there.")
    Action action = Action.CHECK;

    @Mixin
    KafkaOptions kafka = new KafkaOptions();

    @Mixin
    SharedOptions shared = new SharedOptions();

    @Override
    public Integer call() {
        var config = kafka.config(true);
        try (Broker broker = Broker.open(config)) {
            return action.work.applyAsInt(new Topics(new TopicAdmin(broker.connection()), config.replication()));
        }
    }

    private static int create(Topics topics) {
        Created created = topics.admin().create(topics.replication());
        created.topics().forEach(topic -> Console.say("created " + topic));
        created.leftOut().forEach(Console::warn);
        if (created.topics().isEmpty()) {
            Console.say("all topics are there");
        }
        return ExitCodes.DONE;
    }

    private static int check(Topics topics) {
        List<Difference> differences = topics.admin().check();
        differences.forEach(difference -> Console.say(difference.toString()));
        if (differences.isEmpty()) {
            Console.say("all topics are as defined");
        }
        return differences.isEmpty() ? ExitCodes.DONE : ExitCodes.FAILED;
    }

    private static int describe(Topics topics) {
        for (Found found : topics.admin().describe()) {
            Console.say(
                    found.partitions() == 0
                            ? found.topic() + ": missing"
                            : found.topic() + ": " + found.partitions() + " partitions, replication "
                                    + found.replication() + ", " + found.config());
        }
        return ExitCodes.DONE;
    }
}
