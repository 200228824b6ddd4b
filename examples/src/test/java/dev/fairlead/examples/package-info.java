/** The examples at work. */
@NullMarked
package dev.fairlead.examples;

import org.jspecify.annotations.NullMarked;
