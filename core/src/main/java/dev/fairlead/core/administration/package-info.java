/** REST pages by which administrators see and change who may do what, and owners their API keys. */
@NullMarked
package dev.fairlead.core.administration;

import org.jspecify.annotations.NullMarked;
