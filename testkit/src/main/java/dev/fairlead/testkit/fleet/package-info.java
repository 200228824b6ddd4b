/** A whole fleet for unit tests: a hub, its agents and their clusters, without a socket. */
@NullMarked
package dev.fairlead.testkit.fleet;

import org.jspecify.annotations.NullMarked;
