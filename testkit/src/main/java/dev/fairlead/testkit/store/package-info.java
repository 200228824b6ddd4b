/** What every implementation of the hub's stores has to pass. */
@NullMarked
package dev.fairlead.testkit.store;

import org.jspecify.annotations.NullMarked;
