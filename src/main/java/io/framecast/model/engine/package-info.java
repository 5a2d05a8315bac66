/**
 * The engine that the networks compute with: which native libraries it is loaded from, and which device it runs on. It
 * knows no network and no model folder.
 */
@NullMarked
package io.framecast.model.engine;

import org.jspecify.annotations.NullMarked;
