package io.framecast.worker;

/**
 * How far a partition is done; what a worker commits and its successor resumes from.
 *
 * @param next the first offset that is not done
 * @param metadata what else the processor must know to resume, at most 4,000 characters; may be empty
 */
public record Checkpoint(long next, String metadata) {}
