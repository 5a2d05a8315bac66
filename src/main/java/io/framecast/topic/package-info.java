/**
 * The topics of Framecast: names, definitions, records and their codecs, publishing and reading. It never looks at
 * pictures and never decides what to forecast.
 */
@NullMarked
package io.framecast.topic;

import org.jspecify.annotations.NullMarked;
