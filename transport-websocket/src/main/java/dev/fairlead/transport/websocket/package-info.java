/**
 * The transport over WebSocket: each pipe is one WebSocket of the agent, over mutual TLS. {@link
 * dev.fairlead.transport.websocket.WebSocketTransport} makes both ends.
 */
@NullMarked
package dev.fairlead.transport.websocket;

import org.jspecify.annotations.NullMarked;
