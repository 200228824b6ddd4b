/** TLS between agents and hubs, as {@link dev.fairlead.api.transport.TlsMaterial} says it. */
@NullMarked
package dev.fairlead.core.tls;

import org.jspecify.annotations.NullMarked;
