/**
 * The {@code metav1.Status} body every error of the hub's own wears on the Kubernetes path, so that
 * kubectl and client-go read it as they read the API server's.
 */
@NullMarked
package dev.fairlead.core.status;

import org.jspecify.annotations.NullMarked;
