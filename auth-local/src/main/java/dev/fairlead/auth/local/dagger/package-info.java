/** Wires a hub's own accounts with Dagger: whatever their builder takes can be bound. */
@NullMarked
package dev.fairlead.auth.local.dagger;

import org.jspecify.annotations.NullMarked;
