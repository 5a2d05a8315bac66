/** Recordings and data sets as clips of frames. It never trains on them and never judges a forecast. */
@NullMarked
package io.framecast.data;

import org.jspecify.annotations.NullMarked;
