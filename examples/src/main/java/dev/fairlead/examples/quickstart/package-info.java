/**
 * The whole way in one process: a hub, an agent that dials it over gRPC with mutual TLS, and a
 * cluster, with a list and a watch through all of it.
 */
@NullMarked
package dev.fairlead.examples.quickstart;

import org.jspecify.annotations.NullMarked;
