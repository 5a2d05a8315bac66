/** The command line: options into configurations, failures into one line. It never does the work itself. */
@NullMarked
package io.framecast.cli;

import org.jspecify.annotations.NullMarked;
