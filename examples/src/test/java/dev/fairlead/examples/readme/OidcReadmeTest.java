package dev.fairlead.examples.readme;

import static org.assertj.core.api.Assertions.assertThat;

import dagger.Component;
import dagger.Module;
import dagger.Provides;
import dagger.multibindings.IntoSet;
import dev.fairlead.api.auth.Authenticator;
import dev.fairlead.auth.oidc.Claim;
import dev.fairlead.auth.oidc.OidcAuthenticator;
import dev.fairlead.auth.oidc.OidcIssuer;
import dev.fairlead.auth.oidc.TokenIntrospection;
import dev.fairlead.auth.oidc.dagger.OidcModule;
import java.util.Set;
import javax.inject.Singleton;
import org.junit.jupiter.api.Test;

/** What the page of auth-oidc shows. */
class OidcReadmeTest {

  static Authenticator people() {
    return OidcAuthenticator.issuer("https://id.example.com/realms/prod")
        .audience("fairlead")
        .username(Claim.of("preferred_username").prefixedBy("corp:"))
        .groups(Claim.of("/realm_access/roles").prefixedBy("corp:").matching("team-.*"))
        .build();
  }

  static Authenticator peopleAndPipelines() {
    return OidcAuthenticator.builder()
        .issuer(
            OidcIssuer.of("https://id.example.com/realms/prod")
                .audience("fairlead")
                .username(Claim.of("sub").prefixedBy("corp:")))
        .issuer(
            OidcIssuer.of("https://token.actions.githubusercontent.com")
                .audience("fairlead")
                .requiring("repository_owner", "example")
                .username(Claim.of("repository").prefixedBy("github:")))
        .build();
  }

  static Authenticator asking(String secret) {
    return TokenIntrospection.of(
            OidcIssuer.of("https://id.example.com/realms/prod").audience("fairlead"))
        .client("hub", secret)
        .tokensLike("corp_[A-Za-z0-9]{40}")
        .build();
  }

  @Singleton
  @Component(modules = {OidcModule.class, Issuers.class})
  interface Wired {
    Set<Authenticator> authenticators();
  }

  @Module
  interface Issuers {
    @Provides
    @IntoSet
    static OidcIssuer people() {
      return OidcIssuer.of("https://id.example.com/realms/prod").audience("fairlead");
    }
  }

  @Test
  void builtAndWiredAreTheSame() {
    try (Authenticator people = people();
        Authenticator both = peopleAndPipelines();
        Authenticator asking = asking("secret")) {
      assertThat(asking).hasToString("TokenIntrospection[https://id.example.com/realms/prod]");
      assertThat(people).hasToString("OidcAuthenticator[https://id.example.com/realms/prod]");
      assertThat(both.toString()).contains("id.example.com").contains("githubusercontent");
      assertThat(DaggerOidcReadmeTest_Wired.create().authenticators())
          .singleElement()
          .hasToString(people.toString());
    }
  }
}
