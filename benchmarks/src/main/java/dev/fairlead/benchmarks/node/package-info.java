/**
 * The programs under measurement: a hub, an agent, or a fleet of idle agents, each a JVM of its
 * own, which is steered by lines on its standard input and ends with it.
 */
@NullMarked
package dev.fairlead.benchmarks.node;

import org.jspecify.annotations.NullMarked;
