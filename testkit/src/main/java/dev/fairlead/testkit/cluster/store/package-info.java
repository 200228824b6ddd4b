/**
 * The state of the demo cluster: objects under one resource version counter, and the bounded
 * history of changes that watches read from.
 */
@NullMarked
package dev.fairlead.testkit.cluster.store;

import org.jspecify.annotations.NullMarked;
