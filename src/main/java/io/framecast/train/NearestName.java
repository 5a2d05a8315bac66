package io.framecast.train;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Predicate;

/** Finds the name that somebody meant who typed another. */
public final class NearestName {
    private NearestName() {}

    /** The known name that is most like it, if one is; its part after the last dot is enough. */
    public static Optional<String> of(String typed, Collection<String> known) {
        Predicate<String> isLike = name -> distance(typed, name) <= Math.max(2, name.length() / 4);
        return known.stream()
                .filter(name -> isLike.test(name)
                        || isLike.test(leaf(name))
                        || leaf(name).equals(leaf(typed)))
                .min(Comparator.comparingInt(
                        name -> Math.min(distance(typed, name), distance(leaf(typed), leaf(name)))));
    }

    private static String leaf(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }

    /** Letters to insert, delete or replace (V. Levenshtein, 1966). */
    private static int distance(String one, String other) {
        int[] before = new int[other.length() + 1];
        Arrays.setAll(before, i -> i);
        for (int i = 1; i <= one.length(); i++) {
            int[] row = new int[other.length() + 1];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = before[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(before[j], row[j - 1]));
            }
            before = row;
        }
        return before[other.length()];
    }
}
