/**
 * The front door: TLS with HTTP/1.1 and HTTP/2, where users' own tools come in and reach a cluster
 * under {@code /clusters/{name}/} or under a host name of its own.
 *
 * <pre>{@code
 * Gateway gateway = Gateway.builder(hub).listen(8443).tls(certificate, key).build();
 * gateway.start();
 * }</pre>
 */
@NullMarked
package dev.fairlead.gateway;

import org.jspecify.annotations.NullMarked;
