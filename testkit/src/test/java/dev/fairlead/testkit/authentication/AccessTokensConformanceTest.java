package dev.fairlead.testkit.authentication;

import dev.fairlead.api.Identity;
import dev.fairlead.api.auth.Authenticator;
import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.api.auth.Credential;
import dev.fairlead.api.store.Stores;
import dev.fairlead.core.authentication.AccessTokens;
import dev.fairlead.core.authentication.IssuedAccessToken;
import dev.fairlead.core.store.MemoryStores;
import dev.fairlead.testkit.ManualTime;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

class AccessTokensConformanceTest extends AuthenticatorConformance {

  private static final Identity JANE = Identity.user("jane").inGroups("dev");
  private static final Duration LIFE = Duration.ofHours(1);

  private final ManualTime time = ManualTime.create();
  private final Stores stores = MemoryStores.create();
  private final Queue<Runnable> held = new ArrayDeque<>();
  private boolean stalled;
  private BearerToken good;
  private BearerToken revoked;

  @Override
  protected Authenticator create() {
    stores.open();
    AccessTokens tokens = new AccessTokens(stores, time, new SecureRandom(), this::lookUp);
    good = tokens.issue(JANE, LIFE).token();
    IssuedAccessToken other = tokens.issue(JANE, LIFE);
    revoked = other.token();
    tokens.revoke(other.info().id());
    return tokens;
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
    return JANE;
  }

  @Override
  protected List<Credential> bad() {
    String text = good.reveal();
    char last = text.charAt(text.length() - 1);
    return List.of(
        revoked,
        BearerToken.of(text.substring(0, text.length() - 1) + (last == 'A' ? 'B' : 'A')),
        BearerToken.of("flu_0123456789abcdef_" + "x".repeat(43)));
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
    time.advance(LIFE);
    return true;
  }
}
