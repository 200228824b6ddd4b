/** Wires an agent with Dagger: whatever its builder takes can be bound. */
@NullMarked
package dev.fairlead.agent.dagger;

import org.jspecify.annotations.NullMarked;
