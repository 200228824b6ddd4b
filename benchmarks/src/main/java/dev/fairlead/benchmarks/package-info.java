/** The command {@code ./bench}: which measures there are, and what is told of them. */
@NullMarked
package dev.fairlead.benchmarks;

import org.jspecify.annotations.NullMarked;
