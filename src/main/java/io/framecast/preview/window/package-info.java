/** A desktop window on the cameras. It shows what the views hold and never changes it. */
@NullMarked
package io.framecast.preview.window;

import org.jspecify.annotations.NullMarked;
