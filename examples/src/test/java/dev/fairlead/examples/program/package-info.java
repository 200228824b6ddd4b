/** Programs at work. */
@NullMarked
package dev.fairlead.examples.program;

import org.jspecify.annotations.NullMarked;
