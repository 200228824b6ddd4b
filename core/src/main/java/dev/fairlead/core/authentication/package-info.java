/**
 * Who asks: the authenticators that need nobody else, how several are asked, and which names no
 * user may have.
 */
@NullMarked
package dev.fairlead.core.authentication;

import org.jspecify.annotations.NullMarked;
