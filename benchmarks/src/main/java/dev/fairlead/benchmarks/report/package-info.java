/** What was measured, as a table for people and as JSON for programs. */
@NullMarked
package dev.fairlead.benchmarks.report;

import org.jspecify.annotations.NullMarked;
