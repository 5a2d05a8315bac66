package io.framecast.model;

import java.util.Arrays;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** The networks that exist, by name. A new one is a subclass of {@link FramePredictor} and a line here. */
@SuppressWarnings("ImmutableEnumChecker") // the sets are unmodifiable and the builders hold no state
public enum Architecture {
    CONVLSTM("convlstm", Set.of("filters", "kernel"), ConvLstmStack::new),
    DECONV_LSTM("deconv-lstm", Set.of("filters", "hidden", "cells", "output"), DeconvLstm::new),
    FLOW_LSTM("flow-lstm", Set.of("filters", "reads", "memory", "draws", "carried", "hidden"), FlowLstm::new),
    FLOW_MIXTURE("flow-mixture", Set.of("filters", "carried", "hidden"), FlowMixture::new),
    UNET("unet", Set.of("filters", "reads", "draws", "normalization"), UNetPredictor::new);

    private final String title;
    private final Set<String> settings;
    private final BiFunction<HyperParameters, Torch, FramePredictor> builder;

    Architecture(String title, Set<String> settings, BiFunction<HyperParameters, Torch, FramePredictor> builder) {
        this.title = title;
        this.settings = settings;
        this.builder = builder;
    }

    /** Its name in {@code model.yaml} and on the command line. */
    public String title() {
        return title;
    }

    /**
     * The architecture of a name.
     *
     * @throws ModelException if there is none
     */
    public static Architecture named(String title) {
        return Arrays.stream(values())
                .filter(architecture -> architecture.title.equals(title))
                .findFirst()
                .orElseThrow(() -> new ModelException(
                        ModelException.Reason.UNKNOWN,
                        "architecture '" + title + "' is unknown: there are "
                                + Arrays.stream(values())
                                        .map(Architecture::title)
                                        .collect(Collectors.joining(", "))));
    }

    /**
     * Builds the network, not yet initialised.
     *
     * @throws ModelException if a hyper-parameter is unknown or out of range
     */
    public FramePredictor build(HyperParameters hyper, Torch torch) {
        hyper.onlyHave(settings);
        return builder.apply(hyper, torch);
    }
}
