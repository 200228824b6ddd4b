package dev.fairlead.gateway;

import dev.fairlead.api.auth.ClientCertificate;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of a connection, as far as the connection itself tells.
 *
 * @param source its address, without a port; empty if there is none
 * @param certificate what it showed in the handshake, or null
 */
record Client(String source, @Nullable ClientCertificate certificate) {}
