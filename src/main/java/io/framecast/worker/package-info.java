/**
 * Processes topics exactly once: polls, follows the group, commits records and offsets together, drains. It never knows
 * what it processes.
 */
@NullMarked
package io.framecast.worker;

import org.jspecify.annotations.NullMarked;
