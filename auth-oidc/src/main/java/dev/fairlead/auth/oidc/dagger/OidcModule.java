package dev.fairlead.auth.oidc.dagger;

import dagger.BindsOptionalOf;
import dagger.Module;
import dagger.Provides;
import dagger.multibindings.IntoSet;
import dagger.multibindings.Multibinds;
import dev.fairlead.api.Time;
import dev.fairlead.api.auth.Authenticator;
import dev.fairlead.auth.oidc.OidcAuthenticator;
import dev.fairlead.auth.oidc.OidcBuilder;
import dev.fairlead.auth.oidc.OidcIssuer;
import java.net.http.HttpClient;
import java.util.Optional;
import java.util.Set;
import javax.inject.Singleton;

/**
 * Contributes one {@link OidcAuthenticator} to a hub's authenticators. At least one {@link
 * OidcIssuer} has to be contributed by {@code @IntoSet}; an {@link HttpClient} and a {@link Time}
 * are used where they are bound.
 */
@Module
public abstract class OidcModule {

  private OidcModule() {}

  @Multibinds
  abstract Set<OidcIssuer> issuers();

  @BindsOptionalOf
  abstract HttpClient client();

  @BindsOptionalOf
  abstract Time time();

  @Provides
  @Singleton
  static OidcAuthenticator oidcAuthenticator(
      Set<OidcIssuer> issuers, Optional<HttpClient> client, Optional<Time> time) {
    OidcBuilder builder = OidcAuthenticator.builder();
    issuers.forEach(builder::issuer);
    client.ifPresent(builder::http);
    time.ifPresent(builder::time);
    return builder.build();
  }

  @Provides
  @IntoSet
  static Authenticator authenticator(OidcAuthenticator authenticator) {
    return authenticator;
  }
}
