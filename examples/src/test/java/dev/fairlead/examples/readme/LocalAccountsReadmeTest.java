package dev.fairlead.examples.readme;

import static org.assertj.core.api.Assertions.assertThat;

import dagger.Component;
import dagger.Module;
import dagger.Provides;
import dagger.multibindings.IntoSet;
import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.Authorizer;
import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.api.store.Stores;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.auth.local.FirstAdministrator;
import dev.fairlead.auth.local.IssuedTokens;
import dev.fairlead.auth.local.LocalAccounts;
import dev.fairlead.auth.local.LocalAccountsBuilder;
import dev.fairlead.auth.local.dagger.LocalModule;
import dev.fairlead.core.audit.MemoryAuditSink;
import dev.fairlead.core.authorization.Roles;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.core.hub.dagger.HubModule;
import dev.fairlead.core.hub.dagger.Keeping;
import dev.fairlead.core.memory.InMemoryTransport;
import dev.fairlead.core.store.MemoryStores;
import javax.inject.Singleton;
import org.junit.jupiter.api.Test;

/** The code of auth-local's README that is about Dagger. */
class LocalAccountsReadmeTest {

  @Singleton
  @Component(modules = {HubModule.class, LocalModule.class, Accounts.class, Settings.class})
  interface Wired {
    FairleadHub hub();

    LocalAccounts accounts();

    AuditSink audit();
  }

  @Module
  interface Accounts {
    @Provides
    static LocalAccountsBuilder accounts() {
      return LocalAccounts.builder().issuer("https://hub.example.com");
    }
  }

  @Module
  interface Settings {
    @Provides
    @IntoSet
    static HubTransport transport() {
      return InMemoryTransport.create().hub();
    }

    @Provides
    static Authorizer roles() {
      return Roles.builder().build();
    }

    @Provides
    @Singleton
    static AuditSink audit() {
      return new MemoryAuditSink(100);
    }

    @Provides
    @Singleton
    static Stores stores() {
      return MemoryStores.create();
    }

    @Provides
    static Keeping keeping() {
      return Keeping.inMemory();
    }
  }

  @Test
  void wiredAccountsAreTheHubs() {
    Wired wired = DaggerLocalAccountsReadmeTest_Wired.create();
    try (FairleadHub hub = wired.hub()) {
      hub.start();
      LocalAccounts accounts = wired.accounts();
      FirstAdministrator first = accounts.makeFirstAdministrator("admin@example.com").orElseThrow();
      IssuedTokens tokens = accounts.signIn(first.email(), first.password(), "");
      Authentication found =
          hub.authenticator()
              .authenticate(BearerToken.of(tokens.accessToken()))
              .toCompletableFuture()
              .join();
      assertThat(found)
          .isInstanceOfSatisfying(
              Authentication.Authenticated.class,
              who -> assertThat(who.identity()).isEqualTo(tokens.identity()));
      // With the first sign-in comes the first signing key.
      assertThat(((MemoryAuditSink) wired.audit()).events())
          .extracting(event -> event.info().resource())
          .containsExactly("users", "users", "sessions", "signingkeys", "signingkeys", "sessions");
    }
  }
}
