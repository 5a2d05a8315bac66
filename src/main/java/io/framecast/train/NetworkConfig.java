package io.framecast.train;

import java.util.Map;

/**
 * The network that is trained.
 *
 * @param architecture its name, as {@code deconv-lstm}
 * @param hyperParameters its own settings; those left out have the architecture's defaults
 * @param from the model whose weights training starts with, by name or folder; empty for fresh weights
 */
public record NetworkConfig(String architecture, Map<String, Object> hyperParameters, String from) {
    /** Copies the settings. */
    public NetworkConfig {
        hyperParameters = Map.copyOf(hyperParameters);
    }
}
