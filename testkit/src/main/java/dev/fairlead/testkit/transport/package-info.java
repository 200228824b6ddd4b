/**
 * The conformance kit of the transport SPI: extend {@link
 * dev.fairlead.testkit.transport.TransportConformance} and run it.
 */
@NullMarked
package dev.fairlead.testkit.transport;

import org.jspecify.annotations.NullMarked;
