package dev.fairlead.testkit.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.Authentication.Authenticated;
import dev.fairlead.api.auth.Authentication.Rejected;
import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.api.auth.ClientCertificate;
import dev.fairlead.api.auth.Credential;
import dev.fairlead.core.authentication.ReservedNames;
import dev.fairlead.testkit.TestAuthority;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * What every {@link dev.fairlead.api.auth.Authenticator} has to hold: extend it, say how yours is
 * made and what is shown to it, and run it as any test.
 */
public abstract class AuthenticatorConformance extends AuthenticatorFixture {

  private static final int THREADS = 16;
  private static final int ROUNDS = 20;

  /** For subclasses. */
  protected AuthenticatorConformance() {}

  @Test
  void goodCredentialTellsItsBearer() {
    assertThat(present(good()))
        .isInstanceOfSatisfying(
            Authenticated.class, found -> assertThat(found.identity()).isEqualTo(identity()));
  }

  @Test
  void bearerHasNoNameThatKubernetesKeepsForItself() {
    Authenticated found = (Authenticated) present(good());
    assertThat(ReservedNames.in(found.identity())).isEmpty();
  }

  @Test
  void credentialKeepsItsIdAndItsExpiry() {
    Authenticated found = (Authenticated) present(good());
    assertThat(found.credentialId()).isNotBlank();
    assertThat(present(good())).isEqualTo(found);
  }

  @Test
  void badCredentialIsRejectedAndNotUnknown() {
    for (Credential credential : bad()) {
      assertThat(present(credential))
          .isInstanceOfSatisfying(Rejected.class, found -> assertThat(found.reason()).isNotBlank());
    }
  }

  @Test
  void badCredentialStaysBadAfterAGoodOne() {
    present(good());
    for (Credential credential : bad()) {
      assertThat(present(credential)).isInstanceOf(Rejected.class);
    }
    assertThat(present(good())).isInstanceOf(Authenticated.class);
  }

  @Test
  void credentialOfAnotherKindIsNoneOfItsBusiness() {
    assertThat(present(BearerToken.of("of-some-other-kind"))).isInstanceOf(foreign());
  }

  @Test
  void everyKindOfCredentialIsAnswered() {
    List<Credential> all =
        List.of(
            BearerToken.of("of-some-other-kind"),
            new ClientCertificate(List.of(TestAuthority.create().certificate())));
    for (Credential credential : all) {
      assertThat(present(credential)).isInstanceOf(foreign());
    }
  }

  @Test
  void hostileTextLetsNobodyInAndBreaksNothing() {
    for (String text : hostileTexts()) {
      CompletableFuture<Throwable> failure =
          ask(BearerToken.of(text))
              .handle(
                  (found, thrown) -> {
                    assertThat(found).isNotInstanceOf(Authenticated.class);
                    return thrown;
                  });
      assertThat(failure.orTimeout(20, TimeUnit.SECONDS).join()).isNull();
    }
    assertThat(present(good())).isInstanceOf(Authenticated.class);
  }

  private List<String> hostileTexts() {
    List<String> texts =
        new ArrayList<>(
            List.of(
                " ",
                ".",
                "..",
                "a.b.c",
                "eyJ.eyJ.",
                "\u0000",
                "\r\nAuthorization: Bearer x",
                "../../etc/passwd",
                "%00",
                "ü🚢\ud800",
                "' OR '1'='1",
                "${jndi:ldap://127.0.0.1/x}",
                "x".repeat(100_000)));
    if (good() instanceof BearerToken token) {
      String text = token.reveal();
      texts.add(text + " ");
      texts.add(" " + text);
      texts.add(text + text);
      texts.add(text.substring(0, text.length() - 1));
      texts.add(text.substring(1));
    }
    return texts;
  }

  @Test
  void nothingItSaysShowsASecret() {
    List<Credential> all = new ArrayList<>(bad());
    all.add(good());
    for (Credential credential : all) {
      String said = authenticator() + " " + credential + " " + present(credential);
      for (String secret : secretsOf(credential)) {
        assertThat(said).doesNotContain(secret);
      }
    }
  }

  @Test
  void callDoesNotWait() {
    if (!stall()) {
      assertThat(ask(good())).isCompleted();
      return;
    }
    CompletableFuture<Authentication> asked = ask(good());
    assertThat(asked).isNotDone();
    resume();
    assertThat(asked.orTimeout(20, TimeUnit.SECONDS).join()).isInstanceOf(Authenticated.class);
  }

  @Test
  void manyAtOnceGetEachTheirOwnAnswer() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Callable<Void>> calls = new ArrayList<>();
      for (int i = 0; i < THREADS * ROUNDS; i++) {
        calls.add(i % 2 == 0 ? this::expectGood : this::expectBad);
      }
      for (Future<Void> call : threads.invokeAll(calls)) {
        call.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private Void expectGood() {
    assertThat(((Authenticated) present(good())).identity()).isEqualTo(identity());
    return null;
  }

  private Void expectBad() {
    for (Credential credential : bad()) {
      assertThat(present(credential)).isInstanceOf(Rejected.class);
    }
    assertThat(present(BearerToken.of("of-some-other-kind"))).isInstanceOf(foreign());
    return null;
  }

  @Test
  void expiredCredentialIsRejected() {
    Credential credential = good();
    Authenticated found = (Authenticated) present(credential);
    if (expire()) {
      assertThat(found.expiresAt()).isNotNull();
      assertThat(present(credential)).isInstanceOf(Rejected.class);
    } else {
      assertThat(found.expiresAt()).isNull();
    }
  }

  @Test
  void reusableForIsNeverNegative() {
    assertThat(authenticator().reusableFor()).isGreaterThanOrEqualTo(java.time.Duration.ZERO);
  }

  @Test
  void closesAtAnyTimeAndTwice() {
    boolean stalled = stall();
    CompletableFuture<Authentication> asked = ask(good());
    authenticator().close();
    authenticator().close();
    if (stalled) {
      resume();
    }
    String end =
        asked
            .handle((found, failure) -> failure == null ? String.valueOf(found) : trace(failure))
            .orTimeout(30, TimeUnit.SECONDS)
            .join();
    for (String secret : secretsOf(good())) {
      assertThat(end).doesNotContain(secret);
    }
  }

  private static String trace(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
