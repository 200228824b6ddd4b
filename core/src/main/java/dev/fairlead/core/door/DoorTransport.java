package dev.fairlead.core.door;

import dev.fairlead.api.transport.HubTransport;

/**
 * A hub's end that listens nowhere itself: a door that users come through hands over what is the
 * agents'. It serves between its start and its close, and refuses before and after.
 */
public interface DoorTransport extends HubTransport, AgentPaths {}
