/** Metrics kept in this process, for tests and for pages that show how a hub or an agent fares. */
@NullMarked
package dev.fairlead.core.metrics;

import org.jspecify.annotations.NullMarked;
