package io.framecast.node;

import static io.framecast.topic.TopicRight.read;
import static io.framecast.topic.TopicRight.write;

import io.framecast.model.ModelFolder;
import io.framecast.topic.TopicKind;
import io.framecast.topic.TopicRight;
import io.framecast.topic.TopicRight.Operation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The rights that one role needs on a cluster, and no more. Looking at a topic, a group or a transactional id is
 * included in each of them.
 *
 * @param role its name on the command line
 * @param topics what it does with topics
 * @param group the consumer group that it joins, if it is a worker; its transactional ids begin with that and a dot
 */
public record RoleRights(String role, List<TopicRight> topics, Optional<String> group) {
    private static final String PREDICT = "predict";

    /** What the page shows. */
    private static final List<TopicRight> SHOWN = List.of(
            read(TopicKind.FRAMES),
            read(TopicKind.PICTURES),
            read(TopicKind.FORECASTS),
            read(TopicKind.SCORES),
            read(TopicKind.SURPRISE),
            read(TopicKind.STRETCHES),
            read(TopicKind.CAMERAS));

    /** Copies the list. */
    public RoleRights {
        topics = List.copyOf(topics);
    }

    /**
     * Of every role that runs by itself.
     *
     * @param prefix what the topics' names begin with
     * @param models the folder of shipped models
     * @param model the name or folder of the model that predictors run, or a baseline
     * @param group the predictors' group, or empty for the usual one
     */
    public static List<RoleRights> all(String prefix, Path models, String model, String group) {
        String predictors = group;
        if (group.isEmpty()) {
            String name = Baselines.has(model)
                    ? model
                    : ModelFolder.find(models, model).description().name();
            predictors = PredictConfig.group(prefix, name);
        }
        return List.of(
                capture(),
                predict(predictors),
                score(ScoreRole.group(prefix)),
                preview(),
                tail(),
                modelsUse(),
                train());
    }

    /**
     * What the role does not begin without. Pictures are shown if they can be, and models changed; a predictor that
     * cannot learn of cameras' own models forecasts with its usual one.
     */
    List<TopicRight> required() {
        return topics.stream().filter(right -> !isOptional(right)).toList();
    }

    private boolean isOptional(TopicRight right) {
        return right.topic() == TopicKind.PICTURES
                || right.topic() == TopicKind.MODELS
                || (right.topic() == TopicKind.CAMERAS && role.equals(PREDICT));
    }

    /** Of {@code capture}, which also reads which cameras others capture. */
    public static RoleRights capture() {
        return new RoleRights(
                "capture",
                List.of(
                        write(TopicKind.FRAMES),
                        write(TopicKind.PICTURES),
                        write(TopicKind.CAMERAS),
                        read(TopicKind.CAMERAS)),
                Optional.empty());
    }

    /** Of {@code predict --no-score} in a group; without that option it needs those of a scorer as well. */
    public static RoleRights predict(String group) {
        return new RoleRights(
                PREDICT,
                List.of(
                        read(TopicKind.FRAMES),
                        read(TopicKind.CAMERAS),
                        read(TopicKind.MODELS),
                        write(TopicKind.FORECASTS),
                        write(TopicKind.DEAD_LETTER)),
                Optional.of(group));
    }

    /** Of {@code score} in a group; it reads its own outputs to go on from them. */
    public static RoleRights score(String group) {
        var topics = new ArrayList<>(List.of(read(TopicKind.FRAMES), read(TopicKind.FORECASTS)));
        for (TopicKind output : List.of(TopicKind.SCORES, TopicKind.SURPRISE, TopicKind.STRETCHES)) {
            topics.add(read(output));
            topics.add(write(output));
        }
        return new RoleRights("score", topics, Optional.of(group));
    }

    /** Of {@code preview}. */
    public static RoleRights preview() {
        return new RoleRights("preview", SHOWN, Optional.empty());
    }

    /** Of {@code tail}, whichever topic it prints. */
    public static RoleRights tail() {
        var topics = new ArrayList<>(SHOWN);
        topics.add(read(TopicKind.MODELS));
        return new RoleRights("tail", topics, Optional.empty());
    }

    /** Of {@code models use}, which waits for the first forecast of the model that it names. */
    public static RoleRights modelsUse() {
        return new RoleRights(
                "models use",
                List.of(read(TopicKind.FORECASTS), read(TopicKind.MODELS), write(TopicKind.MODELS)),
                Optional.empty());
    }

    /** Of {@code train --from-topic}; what it writes is which model predictors are to run, with {@code --challenge}. */
    public static RoleRights train() {
        return new RoleRights(
                "train",
                List.of(read(TopicKind.FRAMES), read(TopicKind.MODELS), write(TopicKind.MODELS)),
                Optional.empty());
    }

    /**
     * The commands that grant these rights.
     *
     * @param prefix what the topics' names begin with
     * @param bootstrap the cluster
     * @param principal who gets them, such as {@code User:framecast}
     * @return commands for a shell, one per line
     */
    public List<String> commands(String prefix, String bootstrap, String principal) {
        String add = "kafka-acls.sh --bootstrap-server " + bootstrap + " --add --allow-principal '"
                + principal.replace("'", "'\\''") + "'";
        var commands = new ArrayList<String>();
        byOperation(prefix)
                .forEach((operation, names) -> commands.add(
                        add + " --operation " + operation + " --topic " + String.join(" --topic ", names)));
        group.ifPresent(name -> {
            commands.add(add + " --operation READ --group " + name);
            commands.add(add + " --operation WRITE --resource-pattern-type prefixed --transactional-id " + name + ".");
        });
        return commands;
    }

    private Map<Operation, TreeSet<String>> byOperation(String prefix) {
        return topics.stream()
                .collect(Collectors.groupingBy(
                        TopicRight::operation,
                        () -> new EnumMap<>(Operation.class),
                        Collectors.mapping(
                                right -> right.topic().topic(prefix), Collectors.toCollection(TreeSet::new))));
    }
}
