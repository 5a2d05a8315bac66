package io.framecast.source;

/** File names as they can be shown in one line: a name may hold line breaks and the codes that steer a terminal. */
public final class PrintableName {
    private PrintableName() {}

    /** The name with each control character written as its escape, such as {@code \n} or {@code \u001b}. */
    public static String of(String name) {
        var shown = new StringBuilder();
        name.codePoints().forEach(character -> {
            if (!Character.isISOControl(character)) {
                shown.appendCodePoint(character);
            } else if (character == '\n') {
                shown.append("\\n");
            } else {
                shown.append(String.format("\\u%04x", character));
            }
        });
        return shown.toString();
    }
}
