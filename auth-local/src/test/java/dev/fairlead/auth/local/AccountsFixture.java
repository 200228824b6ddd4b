package dev.fairlead.auth.local;

import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.api.auth.Grounds;
import dev.fairlead.api.store.Stores;
import dev.fairlead.core.audit.MemoryAuditSink;
import dev.fairlead.core.store.MemoryStores;
import dev.fairlead.testkit.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Accounts in memory, with time moved by hand and hashes that cost little. */
final class AccountsFixture implements AutoCloseable {

  static final String ISSUER = "https://hub.example.com";
  static final String PASSWORD = "correct horse battery";
  static final Argon2.Cost CHEAP = new Argon2.Cost(64, 1, 1);

  final ManualTime time = ManualTime.create();
  final Stores stores = MemoryStores.create();
  final MemoryAuditSink audit = new MemoryAuditSink(10_000);
  final List<String> told = new CopyOnWriteArrayList<>();
  final LocalAccounts accounts;

  AccountsFixture() {
    stores.open();
    accounts = builder(audit).build();
    accounts.follow(
        new Grounds.Listener() {
          @Override
          public void credentialRevoked(String credentialId, String reason) {
            told.add(credentialId);
          }

          @Override
          public void userRevoked(String username, String reason) {
            told.add(username);
          }

          @Override
          public void rulesChanged(String reason) {
            told.add("rules");
          }
        });
  }

  /** Other accounts over the same stores. */
  LocalAccountsBuilder builder(AuditSink sink) {
    return LocalAccounts.builder()
        .issuer(ISSUER)
        .stores(stores)
        .audit(sink)
        .time(time)
        .cost(CHEAP)
        .accessTokensFor(Duration.ofMinutes(15))
        .lookups(Runnable::run);
  }

  LocalUser user(String email, String... roles) {
    return accounts.users().add(email, PASSWORD, List.of(roles));
  }

  IssuedTokens signIn(String email) {
    return accounts.signIn(email, PASSWORD, "192.0.2.1");
  }

  Authentication present(String accessToken) {
    return accounts.authenticate(BearerToken.of(accessToken)).toCompletableFuture().join();
  }

  boolean isGood(IssuedTokens tokens) {
    return present(tokens.accessToken()) instanceof Authentication.Authenticated;
  }

  @Override
  public void close() {
    accounts.close();
    stores.close();
  }
}
