/** Tests of how requests find their way through a hub to the agents of a cluster. */
@NullMarked
package dev.fairlead.testkit.exchange;

import org.jspecify.annotations.NullMarked;
