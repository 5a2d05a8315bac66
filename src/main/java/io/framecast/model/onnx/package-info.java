/** Graphs in ONNX, the format in which other programs run networks. Knows no network and no model folder. */
@NullMarked
package io.framecast.model.onnx;

import org.jspecify.annotations.NullMarked;
