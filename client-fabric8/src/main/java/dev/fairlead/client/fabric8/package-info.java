/**
 * A real fabric8 {@code KubernetesClient} for each cluster of a hub in this process: what it asks
 * for goes through the hub's engine, as a user, without a socket.
 */
@NullMarked
package dev.fairlead.client.fabric8;

import org.jspecify.annotations.NullMarked;
