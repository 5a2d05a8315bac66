/**
 * Pictures of a camera for people: live picture and forecast together, state and labels. It never waits for a viewer.
 */
@NullMarked
package io.framecast.preview.draw;

import org.jspecify.annotations.NullMarked;
