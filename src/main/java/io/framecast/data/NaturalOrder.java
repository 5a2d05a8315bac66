package io.framecast.data;

import java.nio.file.Path;
import java.util.Comparator;

/** File names as people count: {@code frame2} comes before {@code frame10}, with or without leading zeros. */
final class NaturalOrder implements Comparator<Path> {
    @Override
    public int compare(Path one, Path other) {
        String left = one.toString();
        String right = other.toString();
        int byNumbers = compare(left, right);
        return byNumbers != 0 ? byNumbers : left.compareTo(right);
    }

    private static int compare(String left, String right) {
        int i = 0;
        int j = 0;
        while (i < left.length() && j < right.length()) {
            int order;
            if (isDigit(left.charAt(i)) && isDigit(right.charAt(j))) {
                int endOfLeft = endOfDigits(left, i);
                int endOfRight = endOfDigits(right, j);
                order = compareNumbers(left.substring(i, endOfLeft), right.substring(j, endOfRight));
                i = endOfLeft;
                j = endOfRight;
            } else {
                order = Character.compare(left.charAt(i++), right.charAt(j++));
            }
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(left.length() - i, right.length() - j);
    }

    /** Of any number of digits. */
    private static int compareNumbers(String left, String right) {
        String one = left.replaceFirst("^0+", "");
        String other = right.replaceFirst("^0+", "");
        return one.length() != other.length() ? Integer.compare(one.length(), other.length()) : one.compareTo(other);
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }

    private static int endOfDigits(String text, int start) {
        int end = start;
        while (end < text.length() && isDigit(text.charAt(end))) {
            end++;
        }
        return end;
    }
}
