package io.framecast.model.engine;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * DJL's own variables in the environment of the process. DJL follows them before anything it is told otherwise, and
 * where one does not fit it downloads or ignores; so they are checked before it starts.
 *
 * @param variables the environment
 */
record DjlEnvironment(Map<String, String> variables) {
    private static final String LIBRARY_PATH = "PYTORCH_LIBRARY_PATH";
    private static final String VERSION = "PYTORCH_VERSION";
    private static final String FLAVOR = "PYTORCH_FLAVOR";

    DjlEnvironment {
        variables = Map.copyOf(variables);
    }

    static DjlEnvironment ofProcess() {
        return new DjlEnvironment(System.getenv());
    }

    /** Whether it names a folder of libtorch. */
    boolean namesLibtorch() {
        return value(LIBRARY_PATH).isPresent();
    }

    /**
     * The libtorch of an option or of the environment, if one of them names any.
     *
     * @throws EngineException if both do, or there is none where they say
     */
    Optional<Libtorch> libtorch(Optional<Path> option) {
        Optional<String> path = value(LIBRARY_PATH);
        if (option.isPresent() && path.isPresent()) {
            throw refused("--libtorch names '" + option.get() + "' and the environment's " + LIBRARY_PATH + " '"
                    + path.get() + "': leave one of them out");
        }
        return path.map(DjlEnvironment::find).or(() -> option.map(Libtorch::in));
    }

    /** DJL takes the first folder of the list that holds the library itself. */
    private static Libtorch find(String path) {
        String library = System.mapLibraryName("torch");
        return Arrays.stream(path.split(File.pathSeparator))
                .map(Path::of)
                .filter(folder -> Files.isRegularFile(folder.resolve(library)))
                .findFirst()
                .map(Libtorch::in)
                .orElseThrow(() -> refused("the environment's " + LIBRARY_PATH + " names '" + path + "', where no "
                        + library + " is: name PyTorch's folder with --libtorch instead"));
    }

    /**
     * Requires that it asks for no other version than the build's.
     *
     * @throws EngineException if it does
     */
    void requireVersion(String ofBuild) {
        require(VERSION, ofBuild);
    }

    /**
     * Requires that it asks for no other flavor than the one that is to be loaded.
     *
     * @throws EngineException if it does
     */
    void requireFlavor(Flavor loaded) {
        require(FLAVOR, loaded.name());
    }

    private void require(String variable, String needed) {
        value(variable).filter(value -> !value.equals(needed)).ifPresent(value -> {
            throw refused("the environment's " + variable + " asks for PyTorch " + value + ", where " + needed
                    + " is to be loaded: unset " + variable);
        });
    }

    private Optional<String> value(String variable) {
        return Optional.ofNullable(variables.get(variable)).filter(value -> !value.isBlank());
    }

    private static EngineException refused(String message) {
        return new EngineException(EngineException.Reason.LIBRARY, message);
    }
}
