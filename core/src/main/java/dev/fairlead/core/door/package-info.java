/**
 * What doors that users come through let others serve there, who then need not know the door: the
 * agents' transports their {@link dev.fairlead.core.door.AgentPaths}, anybody {@link
 * dev.fairlead.core.door.RestPages}.
 */
@NullMarked
package dev.fairlead.core.door;

import org.jspecify.annotations.NullMarked;
