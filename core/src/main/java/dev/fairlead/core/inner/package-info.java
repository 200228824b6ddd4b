/**
 * TLS within a pipe, for agents whose outer TLS ends at a load balancer: hub and agent prove to
 * each other who they are, whoever carries the bytes.
 */
@NullMarked
package dev.fairlead.core.inner;

import org.jspecify.annotations.NullMarked;
