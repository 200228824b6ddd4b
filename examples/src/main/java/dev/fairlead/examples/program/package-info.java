/**
 * What the programs here have in common: options from the command line or the environment, an
 * orderly end, private files, and failures in one sentence.
 */
@NullMarked
package dev.fairlead.examples.program;

import org.jspecify.annotations.NullMarked;
