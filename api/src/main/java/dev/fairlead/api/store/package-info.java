/**
 * What a hub has to remember: the SPIs of its stores. Their operations block, and are durable when
 * they return.
 */
@NullMarked
package dev.fairlead.api.store;

import org.jspecify.annotations.NullMarked;
