/**
 * The tunnel: HTTP/2 over a {@link dev.fairlead.api.transport.Pipe} with the roles reversed, so
 * that the hub, which was dialled, opens the streams. {@link dev.fairlead.core.tunnel.HubTunnel} is
 * the hub's end, {@link dev.fairlead.core.tunnel.AgentTunnel} the agent's.
 *
 * <p>What an exchange carries beside the user's own head (identity, audit id, the outcome of an
 * upgrade) travels in pseudo-header fields of our own. A name that begins with a colon is no field
 * name in any version of HTTP, so no user can send one.
 */
@NullMarked
package dev.fairlead.core.tunnel;

import org.jspecify.annotations.NullMarked;
