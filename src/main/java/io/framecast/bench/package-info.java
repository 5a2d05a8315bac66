/** Every benchmark, and the soak. Nothing else depends on it. */
@NullMarked
package io.framecast.bench;

import org.jspecify.annotations.NullMarked;
