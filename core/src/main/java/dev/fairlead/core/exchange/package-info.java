/**
 * The way of one request through the hub: authorise, record, pick a tunnel, relay, record the
 * outcome. Every door leads here, with or without a network before it, so that the same rules and
 * the same trail apply to all.
 */
@NullMarked
package dev.fairlead.core.exchange;

import org.jspecify.annotations.NullMarked;
