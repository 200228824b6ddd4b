/** Hands on what changes about credentials, users and rules to whoever runs something on them. */
@NullMarked
package dev.fairlead.core.grounds;

import org.jspecify.annotations.NullMarked;
