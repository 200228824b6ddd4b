/**
 * The hub, put together: {@link dev.fairlead.core.hub.FairleadHub} and its builder. Everything else
 * in this module is a part that is wired here.
 */
@NullMarked
package dev.fairlead.core.hub;

import org.jspecify.annotations.NullMarked;
