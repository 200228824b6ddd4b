/** The quickstart at work. */
@NullMarked
package dev.fairlead.examples.quickstart;

import org.jspecify.annotations.NullMarked;
