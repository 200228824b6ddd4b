package dev.fairlead.testkit.authentication;

import dev.fairlead.api.Identity;
import dev.fairlead.api.auth.Authenticator;
import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.api.auth.Credential;
import dev.fairlead.api.store.Stores;
import dev.fairlead.core.apikey.ApiKeyOrder;
import dev.fairlead.core.apikey.ApiKeys;
import dev.fairlead.core.apikey.IssuedApiKey;
import dev.fairlead.core.store.MemoryStores;
import dev.fairlead.testkit.ManualTime;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

class ApiKeysConformanceTest extends AuthenticatorConformance {

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
    ApiKeys keys = new ApiKeys(stores, time, new SecureRandom(), this::lookUp, List.of());
    good = keys.issue(ApiKeyOrder.forUser(JANE).livingFor(LIFE)).token();
    IssuedApiKey other = keys.issue(ApiKeyOrder.forUser(JANE).livingFor(LIFE));
    revoked = other.token();
    keys.revoke(other.info().id());
    return keys;
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
        BearerToken.of("flk_0123456789abcdef_" + "x".repeat(43)));
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
