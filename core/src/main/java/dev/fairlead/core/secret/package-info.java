/** How secrets that this hub makes come into being, and what of them is kept. */
@NullMarked
package dev.fairlead.core.secret;

import org.jspecify.annotations.NullMarked;
