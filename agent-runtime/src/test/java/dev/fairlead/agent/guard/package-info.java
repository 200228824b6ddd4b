/** Proves what a guard refuses, and what it asks of the cluster's RBAC. */
@NullMarked
package dev.fairlead.agent.guard;

import org.jspecify.annotations.NullMarked;
