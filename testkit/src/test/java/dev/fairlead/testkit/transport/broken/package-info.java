/** Transports that each break one promise, to show that the kit's cases can fail. */
package dev.fairlead.testkit.transport.broken;
