/** What every {@link dev.fairlead.api.metrics.Metrics} has to hold. */
@NullMarked
package dev.fairlead.testkit.metrics;

import org.jspecify.annotations.NullMarked;
