/**
 * Accounts of the hub's own, for places without an issuer: users with passwords, who get
 * short-lived access tokens and rotating refresh tokens. {@link
 * dev.fairlead.auth.local.LocalAccounts} is where to begin.
 */
@NullMarked
package dev.fairlead.auth.local;

import org.jspecify.annotations.NullMarked;
