/**
 * The demo cluster on the network: TLS, HTTP/1.1 and HTTP/2, and the upgrades to WebSocket and
 * SPDY/3.1. It turns bytes into {@link dev.fairlead.testkit.cluster.wire.WireRequest}s and {@link
 * dev.fairlead.testkit.cluster.wire.Reply}s into bytes, never faster than the peer reads, and knows
 * nothing about Kubernetes objects.
 */
@NullMarked
package dev.fairlead.testkit.cluster.wire;

import org.jspecify.annotations.NullMarked;
