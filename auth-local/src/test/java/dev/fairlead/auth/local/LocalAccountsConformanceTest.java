package dev.fairlead.auth.local;

import dev.fairlead.api.Identity;
import dev.fairlead.api.auth.Authenticator;
import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.api.auth.Credential;
import dev.fairlead.testkit.authentication.AuthenticatorConformance;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;

class LocalAccountsConformanceTest extends AuthenticatorConformance {

  private final AccountsFixture fixture = new AccountsFixture();
  private final Queue<Runnable> held = new ArrayDeque<>();
  private boolean stalled;
  private LocalUser jane;
  private BearerToken good;
  private BearerToken ended;

  @Override
  protected Authenticator create() {
    jane = fixture.user("jane@example.com", "dev");
    LocalAccounts accounts = fixture.builder(fixture.audit).lookups(this::lookUp).build();
    good = signIn(accounts);
    IssuedTokens other = accounts.signIn("jane@example.com", AccountsFixture.PASSWORD, "");
    accounts.signOut(other.refreshToken());
    ended = BearerToken.of(other.accessToken());
    return accounts;
  }

  private static BearerToken signIn(LocalAccounts accounts) {
    return BearerToken.of(
        accounts.signIn("jane@example.com", AccountsFixture.PASSWORD, "").accessToken());
  }

  private void lookUp(Runnable task) {
    if (stalled) {
      held.add(task);
    } else {
      task.run();
    }
  }

  @Override
  protected Credential good() {
    return good;
  }

  @Override
  protected Identity identity() {
    return new Identity("local:jane@example.com", jane.id(), List.of("local:dev"), Map.of());
  }

  @Override
  protected List<Credential> bad() {
    String text = good.reveal();
    char last = text.charAt(text.length() - 1);
    return List.of(
        ended,
        BearerToken.of(text.substring(0, text.length() - 1) + (last == 'A' ? 'B' : 'A')),
        BearerToken.of(text.substring(0, text.lastIndexOf('.') + 1)));
  }

  @Override
  protected boolean stall() {
    stalled = true;
    return true;
  }

  @Override
  protected void resume() {
    stalled = false;
    held.forEach(Runnable::run);
  }

  @Override
  protected boolean expire() {
    fixture.time.advance(Duration.ofMinutes(15));
    return true;
  }
}
