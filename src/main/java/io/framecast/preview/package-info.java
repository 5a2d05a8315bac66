/** What every camera shows now, fed from the topics. It never draws, serves, changes or scores a forecast. */
@NullMarked
package io.framecast.preview;

import org.jspecify.annotations.NullMarked;
