/** What asks: programs nobody here wrote, and the few clients there are none for. */
@NullMarked
package dev.fairlead.benchmarks.load;

import org.jspecify.annotations.NullMarked;
