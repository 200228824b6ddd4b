/**
 * Where agents' transports meet doors that users come through: neither knows the other, both know
 * {@link dev.fairlead.core.door.AgentPaths}.
 */
@NullMarked
package dev.fairlead.core.door;

import org.jspecify.annotations.NullMarked;
