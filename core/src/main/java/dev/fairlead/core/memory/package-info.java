/**
 * The transport that never leaves the process: for clusters reached by kubeconfig, for embedders,
 * and for tests.
 */
@NullMarked
package dev.fairlead.core.memory;

import org.jspecify.annotations.NullMarked;
