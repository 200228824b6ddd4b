/**
 * HTTP streams: one request and its response, whatever the version of HTTP and the connection
 * below, and the relay that joins two of them with backpressure from end to end. The front door,
 * the tunnel and the agent's upstream all speak through it.
 *
 * <p>Heads are {@link io.netty.handler.codec.http2.Http2Headers} with pseudo-header fields. An
 * upgrade carries {@code :protocol} in its request, as in RFC 8441, and status 101 in its response;
 * afterwards data is raw bytes.
 */
@NullMarked
package dev.fairlead.core.http;

import org.jspecify.annotations.NullMarked;
