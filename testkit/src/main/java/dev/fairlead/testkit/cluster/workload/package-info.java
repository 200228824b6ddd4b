/**
 * What makes the demo cluster alive: defaults and validation, the controllers of pods, replica
 * sets, deployments and namespaces, their logs and events, and the objects it starts with.
 * Controllers run inside the transaction of the change they react to, so there is nothing to wait
 * for.
 */
@NullMarked
package dev.fairlead.testkit.cluster.workload;

import org.jspecify.annotations.NullMarked;
