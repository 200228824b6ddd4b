/**
 * Hub and agent as programs of their own, and embedded in other programs: to read, to copy and to
 * run.
 */
@NullMarked
package dev.fairlead.examples;

import org.jspecify.annotations.NullMarked;
