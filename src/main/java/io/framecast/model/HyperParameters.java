package io.framecast.model;

import ai.djl.ndarray.types.Shape;
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
    /** More than any layer of a network that forecasts 64 by 64 pixels has use for. */
    static final int MOST_FILTERS = 4096;

    private static final int MOST_LAYERS = 16;
    private static final int LARGEST_KERNEL = 15;

    /** Copies the values, in the order of their names. */
    public HyperParameters {
        values.forEach((name, value) -> {
            if (value == null) {
                throw malformed(name, "nothing", "there, or left out with its name");
            }
        });
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

    /** A whole number from 1 to a largest value. */
    int integer(String name, int usual, int largest) {
        return asInteger(name, values.getOrDefault(name, usual), largest);
    }

    /** The side of a kernel that has a middle: 1, 3, 5 and so on up to 15. */
    int kernel(String name, int usual) {
        int side = integer(name, usual, LARGEST_KERNEL);
        if (side % 2 == 0) {
            throw malformed(name, side, "an odd number from 1 to " + LARGEST_KERNEL);
        }
        return side;
    }

    /** How many filters each layer has. */
    List<Integer> filters(String name, List<Integer> usual) {
        Object value = values.getOrDefault(name, usual);
        if (!(value instanceof List<?> list) || list.isEmpty() || list.size() > MOST_LAYERS) {
            throw malformed(name, value, "a list of 1 to " + MOST_LAYERS + " whole numbers");
        }
        return list.stream().map(item -> asInteger(name, item, MOST_FILTERS)).toList();
    }

    /** Makes sure that the last layer's filters are the channels of a picture. */
    static void requireLast(List<Integer> filters, int channels) {
        if (filters.get(filters.size() - 1) != channels) {
            throw malformed(
                    "filters", filters, "a list whose last number is " + channels + ", the channels of a frame");
        }
    }

    /**
     * Makes sure that pictures can be halved at each level but the first.
     *
     * @param filters of each level
     * @throws ModelException if they cannot
     */
    static void requireHalves(List<Integer> filters, Shape pictures) {
        long parts = 1L << (filters.size() - 1);
        if (pictures.get(2) % parts != 0 || pictures.get(3) % parts != 0) {
            throw malformed(
                    "filters",
                    filters,
                    "shorter: pictures of " + pictures.get(3) + "x" + pictures.get(2) + " cannot be halved "
                            + (filters.size() - 1) + " times");
        }
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

    private static int asInteger(String name, Object value, int largest) {
        if (value instanceof Integer number && number >= 1 && number <= largest) {
            return number;
        }
        throw malformed(name, value, "a whole number from 1 to " + largest);
    }

    private static ModelException malformed(String name, Object value, String expected) {
        return new ModelException(
                ModelException.Reason.DAMAGED,
                "hyper-parameter " + name + " is '" + shortened(String.valueOf(value)) + "': it must be " + expected);
    }

    private static String shortened(String value) {
        return value.length() > 80 ? value.substring(0, 80) + "..." : value;
    }
}
