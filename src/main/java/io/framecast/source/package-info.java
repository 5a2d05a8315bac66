/**
 * What a source is: where it lies, how it is read, and what one opening of it gives. It never opens one itself, and it
 * never lets a password out.
 */
@NullMarked
package io.framecast.source;

import org.jspecify.annotations.NullMarked;
