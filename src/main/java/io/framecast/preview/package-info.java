/**
 * Shows people and programs what cameras see and what is forecast: overlay drawing, the web page and its HTTP routes,
 * and a desktop window. It never makes, changes or scores a forecast, and never waits for a viewer.
 */
@NullMarked
package io.framecast.preview;

import org.jspecify.annotations.NullMarked;
