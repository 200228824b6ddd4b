/**
 * Real kubectl, Helm and API servers through hub and agent. What is needed and absent is a failure
 * that says how to get it.
 */
@NullMarked
package dev.fairlead.e2e;

import org.jspecify.annotations.NullMarked;
