/** The real time. */
@NullMarked
package dev.fairlead.core.time;

import org.jspecify.annotations.NullMarked;
