/**
 * How hub and agent stop without breaking what is under way: requests get their answers, watches
 * end between two events so that clients open them anew, and streams get time.
 */
@NullMarked
package dev.fairlead.core.drain;

import org.jspecify.annotations.NullMarked;
