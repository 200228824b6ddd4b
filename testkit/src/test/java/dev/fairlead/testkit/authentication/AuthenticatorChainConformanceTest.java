package dev.fairlead.testkit.authentication;

import dev.fairlead.api.Identity;
import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.Authentication.Authenticated;
import dev.fairlead.api.auth.Authentication.Rejected;
import dev.fairlead.api.auth.Authentication.Unknown;
import dev.fairlead.api.auth.Authenticator;
import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.api.auth.Credential;
import dev.fairlead.core.authentication.AuthenticatorChain;
import dev.fairlead.testkit.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A chain whose second authenticator knows Jane, and whose answers are kept. */
class AuthenticatorChainConformanceTest extends AuthenticatorConformance {

  private static final Identity JANE = Identity.user("jane");
  private static final BearerToken GOOD = BearerToken.of("mine_0123456789abcdef");
  private static final Instant EXPIRY = ManualTime.START.plusSeconds(60);

  private final ManualTime time = ManualTime.create();
  private volatile CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);

  @Override
  protected Authenticator create() {
    Authenticator none = credential -> CompletableFuture.completedFuture(new Unknown());
    return AuthenticatorChain.of(List.of(none, new Mine()), time);
  }

  private final class Mine implements Authenticator {
    @Override
    public CompletionStage<Authentication> authenticate(Credential credential) {
      if (!(credential instanceof BearerToken token) || !token.reveal().startsWith("mine_")) {
        return CompletableFuture.completedFuture(new Unknown());
      }
      boolean good = token.reveal().equals(GOOD.reveal()) && time.instant().isBefore(EXPIRY);
      return gate.thenApply(
          open -> good ? new Authenticated(JANE, "mine/1", EXPIRY) : new Rejected("bad"));
    }

    @Override
    public Duration reusableFor() {
      return Duration.ofHours(1);
    }
  }

  @Override
  protected Credential good() {
    return GOOD;
  }

  @Override
  protected Identity identity() {
    return JANE;
  }

  @Override
  protected List<Credential> bad() {
    return List.of(BearerToken.of("mine_"), BearerToken.of("mine_0123456789abcdeX"));
  }

  @Override
  protected Class<? extends Authentication> foreign() {
    return Rejected.class;
  }

  @Override
  protected boolean stall() {
    gate = new CompletableFuture<>();
    return true;
  }

  @Override
  protected void resume() {
    gate.complete(null);
  }

  @Override
  protected boolean expire() {
    time.advance(Duration.ofSeconds(60));
    return true;
  }
}
