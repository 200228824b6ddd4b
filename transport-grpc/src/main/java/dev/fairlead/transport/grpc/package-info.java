/**
 * The transport over gRPC: each pipe is one bidirectional call of the agent, over mutual TLS.
 * {@link dev.fairlead.transport.grpc.GrpcTransport} makes both ends.
 */
@NullMarked
package dev.fairlead.transport.grpc;

import org.jspecify.annotations.NullMarked;
