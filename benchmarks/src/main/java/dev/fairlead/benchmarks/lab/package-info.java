/** Where measurements happen: the upstream, the processes, and the ways from one to the other. */
@NullMarked
package dev.fairlead.benchmarks.lab;

import org.jspecify.annotations.NullMarked;
