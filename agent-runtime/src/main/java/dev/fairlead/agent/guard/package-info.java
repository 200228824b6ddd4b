/** What an agent refuses by itself, whatever the hub says. */
@NullMarked
package dev.fairlead.agent.guard;

import org.jspecify.annotations.NullMarked;
