/**
 * What a hub and an agent count and measure, and the interface to whatever collects it. Nothing is
 * collected unless an implementation is given.
 */
@NullMarked
package dev.fairlead.api.metrics;

import org.jspecify.annotations.NullMarked;
