/**
 * The vocabulary of pictures: a frame, the camera it came from and that camera's state. It never reads, sends or
 * changes one.
 */
@NullMarked
package io.framecast.frame;

import org.jspecify.annotations.NullMarked;
