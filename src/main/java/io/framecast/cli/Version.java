package io.framecast.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The version this was built as. */
final class Version {
    private Version() {}

    /** The version, and the commit and its day where they are known: {@code 0.2.0 (1a2b3c4, 2026-01-31)}. */
    static String current() {
        String built = Main.class.getPackage().getImplementationVersion();
        return built == null ? "(development)" : built + commit();
    }

    private static String commit() {
        URL place = Main.class.getProtectionDomain().getCodeSource().getLocation();
        try (InputStream manifest = new URL("jar:" + place + "!/META-INF/MANIFEST.MF").openStream()) {
            Attributes attributes = new Manifest(manifest).getMainAttributes();
            String known = Stream.of("Build-Commit", "Build-Date")
                    .map(attributes::getValue)
                    .filter(value -> value != null && !value.isBlank() && !value.startsWith("$")) // no Git's folder
                    .collect(Collectors.joining(", "));
            return known.isEmpty() ? "" : " (" + known + ")";
        } catch (IOException e) {
            return "";
        }
    }
}
