package io.framecast.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That the scripts can be read, and that their comments agree with Java. */
class FlowMixtureScriptTest {
    private static final Pattern ROW = Pattern.compile("^# +(\\d+)(?: to +(\\d+))?  \\S.*$");
    private static final Pattern DECIMAL = Pattern.compile("(?<![\\w.])\\d+\\.\\d*(?:e-?\\d+)?");
    private static final Pattern ASSIGNED_NAME = Pattern.compile("^ +[a-z]\\w* = [\\w. */+-]+$");

    private String operators = "";
    private String mixture = "";

    @BeforeEach
    void read() throws IOException {
        operators = read("/model/operators.torchscript");
        mixture = read("/model/flow-mixture.torchscript");
    }

    private static String read(String resource) throws IOException {
        try (InputStream in = Objects.requireNonNull(FlowMixtureScriptTest.class.getResourceAsStream(resource))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void tables_listEveryChannelOnce() {
        assertThat(tabled("evidence")).isEqualTo(FlowMixture.EVIDENCE);
        assertThat(tabled("candidates")).isEqualTo(18);
        assertThat(comment("evidence")).contains("-> (B, " + FlowMixture.EVIDENCE + ", H, W)");
    }

    /** How many channels the table above a function lists, each following the one before it. */
    private int tabled(String function) {
        int next = 0;
        for (String line : comment(function).lines().toList()) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                assertThat(Integer.parseInt(row.group(1))).as(line).isEqualTo(next);
                next = Integer.parseInt(row.group(2) == null ? row.group(1) : row.group(2)) + 1;
            }
        }
        return next;
    }

    /** The lines of comment right above a function. */
    private String comment(String function) {
        List<String> lines = mixture.lines().toList();
        int end = 0;
        while (!lines.get(end).startsWith("def " + function + "(")) {
            end++;
        }
        int start = end;
        while (lines.get(start - 1).startsWith("#")) {
            start--;
        }
        return String.join("\n", lines.subList(start, end));
    }

    @Test
    void constants_haveNames() {
        List<String> bare = new ArrayList<>();
        (operators + mixture)
                .lines()
                .map(line -> line.replaceFirst(" *#.*", ""))
                .filter(line -> !ASSIGNED_NAME.matcher(line).matches())
                .forEach(line -> DECIMAL.matcher(line)
                        .results()
                        .filter(number -> !List.of("0.", "1.").contains(number.group()))
                        .forEach(number -> bare.add(line)));

        assertThat(bare)
                .as("give the number a name on a line of its own, with its reason above")
                .isEmpty();
    }

    @Test
    void functions_sayWhatTheyComputeAndTheShapes() {
        var undocumented = new ArrayList<String>();
        List<String> lines = mixture.lines().toList();
        for (String line : lines) {
            if (line.startsWith("def ")) {
                String name = line.substring(4, line.indexOf('('));
                if (!comment(name).contains("-> (B, ")) {
                    undocumented.add(name);
                }
            }
        }

        assertThat(undocumented)
                .as("say above the function what it returns: -> (B, ...")
                .isEmpty();
    }

    @Test
    void lines_fitTheScreen() {
        assertThat((operators + mixture).lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(120));
    }
}
