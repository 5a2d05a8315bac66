/**
 * Videos, cameras and streams through FFmpeg, each blocking call with a time limit. It never reconnects and never
 * decides which pictures count.
 */
@NullMarked
package io.framecast.source.ffmpeg;

import org.jspecify.annotations.NullMarked;
