/**
 * What authors of transports share: the part of a pipe that hands its events to its listener as
 * {@link dev.fairlead.api.transport.Pipe} promises, and the sockets and event loops below.
 */
@NullMarked
package dev.fairlead.core.pipe;

import org.jspecify.annotations.NullMarked;
