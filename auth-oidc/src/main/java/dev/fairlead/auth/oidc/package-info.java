/**
 * Bearer tokens of OpenID Connect issuers: JSON Web Tokens that are checked here, and opaque ones
 * that their issuer is asked about.
 *
 * <pre>{@code
 * Authenticator people =
 *     OidcAuthenticator.issuer("https://id.example.com/realms/prod").audience("fairlead").build();
 * }</pre>
 */
@NullMarked
package dev.fairlead.auth.oidc;

import org.jspecify.annotations.NullMarked;
