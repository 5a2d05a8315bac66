/**
 * The last minutes of every camera: what it saw, what had been forecast for each moment, and the error. It never draws
 * or serves, and keeps nothing on disk.
 */
@NullMarked
package io.framecast.preview.history;

import org.jspecify.annotations.NullMarked;
