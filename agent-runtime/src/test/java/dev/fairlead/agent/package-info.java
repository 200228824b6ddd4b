/** Proves the agent against a hub's end of the tunnel and API servers made for a test. */
@NullMarked
package dev.fairlead.agent;

import org.jspecify.annotations.NullMarked;
