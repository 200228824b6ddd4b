/** What is measured, and how. */
@NullMarked
package dev.fairlead.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
