/**
 * Clips of what cameras saw next to what had been forecast, and those of surprising stretches as files. It never
 * decides what is surprising, and never makes the pipeline wait.
 */
@NullMarked
package io.framecast.preview.clips;

import org.jspecify.annotations.NullMarked;
