/**
 * Serves exchanges: asks the guard, makes the request's head say who it runs as, and joins the
 * tunnel's stream with one to the API server.
 */
@NullMarked
package dev.fairlead.agent.exchange;

import org.jspecify.annotations.NullMarked;
