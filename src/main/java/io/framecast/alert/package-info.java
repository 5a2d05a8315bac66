/**
 * Tells other programs of surprising stretches. Never decides what is surprising, and never waits for an answer with
 * anything else.
 */
@NullMarked
package io.framecast.alert;

import org.jspecify.annotations.NullMarked;
