/**
 * Which cameras there are and how each is read, as people set it: on the command line, in a file, over HTTP. Never
 * opens a camera.
 */
@NullMarked
package io.framecast.camera;

import org.jspecify.annotations.NullMarked;
