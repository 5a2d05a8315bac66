package io.framecast.forecast;

/**
 * The name and version of what made a forecast.
 *
 * @param name the model's name, as in {@code models/NAME}, or a baseline's
 * @param version the version its folder states
 */
public record ModelVersion(String name, String version) {}
