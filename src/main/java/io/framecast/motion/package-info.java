/**
 * Motion in pictures: optical flow between two frames, warping along it, and the flow-fade baseline made of both. It
 * never learns, and never keeps anything from one window to the next.
 */
@NullMarked
package io.framecast.motion;

import org.jspecify.annotations.NullMarked;
