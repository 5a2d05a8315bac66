package io.framecast.cli;

import io.framecast.node.PredictConfig;
import io.framecast.train.NearestName;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The consumer group of some predictors.
 *
 * @param name as Kafka knows it
 * @param members how many predictors it has now
 */
record PredictorGroup(String name, int members) {
    /**
     * The group that somebody means.
     *
     * @param groups how many members each group has
     * @param prefix what the topics' names begin with
     * @param group its name, or empty
     * @param model the model that its predictors were started with, or empty if that goes without saying
     * @throws IllegalArgumentException if there is no such group, or several might be meant
     */
    static PredictorGroup find(Map<String, Integer> groups, String prefix, String group, String model) {
        if (!group.isEmpty()) {
            return known(
                    groups,
                    group,
                    "of the --group '" + group + "'",
                    groups.keySet().stream().toList());
        }
        String beginning = PredictConfig.group(prefix, "");
        var started = new TreeMap<String, Integer>();
        groups.forEach((name, members) -> {
            if (name.startsWith(beginning)) {
                started.put(name.substring(beginning.length()), members);
            }
        });
        if (!model.isEmpty()) {
            return known(groups, beginning + model, "started with '" + model + "'", List.copyOf(started.keySet()));
        }
        return onlyOne(started, beginning);
    }

    private static PredictorGroup known(Map<String, Integer> groups, String name, String which, List<String> others) {
        Integer members = groups.get(name);
        if (members == null) {
            String near = NearestName.of(name.substring(name.lastIndexOf('.') + 1), others)
                    .map(other -> ": did you mean '" + other + "'?")
                    .orElse(others.isEmpty() ? ": start one first" : ": there are " + others);
            throw new IllegalArgumentException("this Kafka has never had predictors " + which + near);
        }
        return new PredictorGroup(name, members);
    }

    private static PredictorGroup onlyOne(Map<String, Integer> started, String beginning) {
        Map<String, Integer> running = started.entrySet().stream()
                .filter(group -> group.getValue() > 0)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        Map<String, Integer> candidates = running.isEmpty() ? started : running;
        if (candidates.size() != 1) {
            throw new IllegalArgumentException(
                    candidates.isEmpty()
                            ? "no predictor is known on this Kafka: start one, or check --kafka and --data-dir"
                            : "predictors were started with " + new TreeMap<>(candidates).keySet()
                                    + ": say whose model to change with --of MODEL");
        }
        String model = candidates.keySet().iterator().next();
        return new PredictorGroup(beginning + model, candidates.getOrDefault(model, 0));
    }
}
