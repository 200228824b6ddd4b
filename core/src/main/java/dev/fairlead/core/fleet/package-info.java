/**
 * The fleet as it is now: which clusters there are, which tunnels lead to them, and who wants to
 * know when that changes.
 */
@NullMarked
package dev.fairlead.core.fleet;

import org.jspecify.annotations.NullMarked;
