/** The way from an agent out to its hub: HTTP proxies, and what goes wrong before TLS is there. */
@NullMarked
package dev.fairlead.core.egress;

import org.jspecify.annotations.NullMarked;
