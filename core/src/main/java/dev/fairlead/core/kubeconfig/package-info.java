/**
 * Kubeconfigs that lead through a hub: made for a user, or merged into one that is there, of which
 * whatever is not the hub's stays as it is.
 */
@NullMarked
package dev.fairlead.core.kubeconfig;

import org.jspecify.annotations.NullMarked;
