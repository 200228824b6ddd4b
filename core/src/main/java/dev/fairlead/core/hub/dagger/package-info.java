/** Wires a hub with Dagger: whatever its builder takes can be bound. */
@NullMarked
package dev.fairlead.core.hub.dagger;

import org.jspecify.annotations.NullMarked;
