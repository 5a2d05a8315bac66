package io.framecast.node;

import io.framecast.forecast.Forecaster;
import io.framecast.forecast.Persistence;
import io.framecast.motion.FlowFade;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The forecasters that need no model folder, by the name that {@code --model} gives them. */
public final class Baselines {
    private static final Map<String, Supplier<Forecaster>> BY_NAME =
            Map.of("persistence", Persistence::new, "flow-fade", FlowFade::new);

    private Baselines() {}

    /** Their names. */
    public static Set<String> names() {
        return BY_NAME.keySet();
    }

    /** Whether there is one of that name. */
    public static boolean has(String name) {
        return BY_NAME.containsKey(name);
    }

    /**
     * A new one.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public static Forecaster open(String name) {
        Supplier<Forecaster> baseline = BY_NAME.get(name);
        if (baseline == null) {
            throw new IllegalArgumentException("baseline '" + name + "' is unknown: there are "
                    + BY_NAME.keySet().stream().sorted().toList());
        }
        return baseline.get();
    }
}
