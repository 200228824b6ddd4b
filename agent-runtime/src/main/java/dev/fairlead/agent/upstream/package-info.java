/**
 * The agent's way to its API server: where it is and how the agent proves itself, the connections,
 * and whether they work.
 */
@NullMarked
package dev.fairlead.agent.upstream;

import org.jspecify.annotations.NullMarked;
