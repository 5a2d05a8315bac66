/**
 * Joins the stages to roles and the roles to a running Framecast; alone it knows their order. It does none of their
 * work.
 */
@NullMarked
package io.framecast.pipeline;

import org.jspecify.annotations.NullMarked;
