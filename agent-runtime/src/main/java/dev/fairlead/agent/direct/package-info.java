/** Clusters that a hub reaches by itself, without an agent in or next to them. */
@NullMarked
package dev.fairlead.agent.direct;

import org.jspecify.annotations.NullMarked;
