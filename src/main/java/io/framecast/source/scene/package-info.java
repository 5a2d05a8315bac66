/** Rendered scenes, always the same for the same moment. They never need a file, a device or a network. */
@NullMarked
package io.framecast.source.scene;

import org.jspecify.annotations.NullMarked;
