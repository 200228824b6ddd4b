/** The record of every request, and where it is written. */
@NullMarked
package dev.fairlead.api.audit;

import org.jspecify.annotations.NullMarked;
