/** A disk that dies at a step of one's choice, with or without what was not yet forced onto it. */
@NullMarked
package dev.fairlead.testkit.store.crash;

import org.jspecify.annotations.NullMarked;
