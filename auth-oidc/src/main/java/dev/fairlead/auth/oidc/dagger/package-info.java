/** Wires sign-in by OpenID Connect with Dagger: whatever its builder takes can be bound. */
@NullMarked
package dev.fairlead.auth.oidc.dagger;

import org.jspecify.annotations.NullMarked;
