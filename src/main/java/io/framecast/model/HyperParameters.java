package io.framecast.model;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The named settings of a network, as {@code model.yaml} holds them.
 *
 * @param values setting to number, text or list
 */
public record HyperParameters(Map<String, Object> values) {
    /** Copies the values, in the order of their names. */
    public HyperParameters {
        values = Map.copyOf(values);
    }

    /** No setting: every default. */
    public static HyperParameters none() {
        return new HyperParameters(Map.of());
    }

    /** The values in the order of their names. */
    public Map<String, Object> sorted() {
        return new TreeMap<>(values);
    }

    int integer(String name, int usual) {
        return asInteger(name, values.getOrDefault(name, usual));
    }

    List<Integer> integers(String name, List<Integer> usual) {
        Object value = values.getOrDefault(name, usual);
        if (!(value instanceof List<?> list) || list.isEmpty()) {
            throw malformed(name, value, "a list of whole numbers");
        }
        return list.stream().map(item -> asInteger(name, item)).toList();
    }

    /** One of {@code choices}, the first if it is not set. */
    String choice(String name, List<String> choices) {
        Object value = values.getOrDefault(name, choices.get(0));
        if (!(value instanceof String text) || !choices.contains(text)) {
            throw malformed(name, value, "one of " + choices);
        }
        return text;
    }

    /**
     * Refuses settings that the network does not have.
     *
     * @throws ModelException naming them
     */
    void onlyHave(Set<String> known) {
        var unknown = new TreeSet<>(values.keySet());
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw new ModelException(
                    ModelException.Reason.DAMAGED,
                    "hyper-parameter " + unknown + " is unknown: this architecture has " + new TreeSet<>(known));
        }
    }

    private static int asInteger(String name, Object value) {
        if (value instanceof Integer number && number >= 1 && number <= 4096) {
            return number;
        }
        throw malformed(name, value, "a whole number from 1 to 4096");
    }

    private static ModelException malformed(String name, Object value, String expected) {
        return new ModelException(
                ModelException.Reason.DAMAGED,
                "hyper-parameter " + name + " is '" + value + "': it must be " + expected);
    }
}
