/**
 * The agent: it dials a hub, keeps a tunnel to it, and serves exchanges from its API server. {@link
 * dev.fairlead.agent.FairleadAgent#builder} begins.
 */
@NullMarked
package dev.fairlead.agent;

import org.jspecify.annotations.NullMarked;
