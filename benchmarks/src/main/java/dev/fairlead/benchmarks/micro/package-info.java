/** Measurements of single parts, by JMH. */
@NullMarked
package dev.fairlead.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
