/**
 * The web page, streams, pictures, health and metrics over HTTP. It never makes a forecast and never waits for a
 * viewer.
 */
@NullMarked
package io.framecast.preview.http;

import org.jspecify.annotations.NullMarked;
