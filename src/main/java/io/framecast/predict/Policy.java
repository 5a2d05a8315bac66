package io.framecast.predict;

/** What happens to a window that is still waiting when the next of its camera is due. */
public enum Policy {
    /** The newer takes its place: forecasts stay fresh, and what was skipped is counted. */
    LATEST,
    /** Both wait: every one is forecast, however late. */
    ALL
}
