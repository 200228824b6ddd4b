/**
 * The rules of the house that a compiler cannot see: which module knows which, and what is public.
 */
@NullMarked
package dev.fairlead.e2e.architecture;

import org.jspecify.annotations.NullMarked;
