/**
 * How bytes get between agent and hub: the two ends of a transport, and the pipes it makes. To
 * write a transport, implement {@link dev.fairlead.api.transport.HubTransport} and {@link
 * dev.fairlead.api.transport.AgentTransport} and run the testkit's conformance kit.
 */
@NullMarked
package dev.fairlead.api.transport;

import org.jspecify.annotations.NullMarked;
