/** Reads small JSON documents that others wrote. */
@NullMarked
package dev.fairlead.core.json;

import org.jspecify.annotations.NullMarked;
