package io.framecast.cli;

/** The version this was built as. */
final class Version {
    private Version() {}

    static String current() {
        String built = Main.class.getPackage().getImplementationVersion();
        return built == null ? "(development)" : built;
    }
}
