/**
 * Joins the stages to roles and the roles to a running Framecast; it alone knows their order. It does none of their
 * work.
 */
@NullMarked
package io.framecast.node;

import org.jspecify.annotations.NullMarked;
