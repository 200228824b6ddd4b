/** Who asks, and whether they may: the SPIs for authentication and authorisation. */
@NullMarked
package dev.fairlead.api.auth;

import org.jspecify.annotations.NullMarked;
