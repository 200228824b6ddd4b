package dev.fairlead.gateway;

import dev.fairlead.core.door.AgentPaths;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * An address that the gateway listens on, and what is behind it.
 *
 * @param address the address
 * @param door what takes users' requests there
 * @param agents what takes agents there, or null
 * @param local whose address it is, or null if it is the front door's
 */
record Binding(
    InetSocketAddress address,
    FrontDoor door,
    @Nullable AgentPaths agents,
    @Nullable LocalAddress local) {}
