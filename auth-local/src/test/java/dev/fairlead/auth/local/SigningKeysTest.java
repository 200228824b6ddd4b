package dev.fairlead.auth.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.fairlead.api.Identity;
import dev.fairlead.api.OfflineException;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.audit.AuditEvent.Stage;
import dev.fairlead.api.store.SigningKeyStore.StoredSigningKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The keys that sign tokens, and those that verify them. */
final class SigningKeysTest {

  private final AccountsFixture fixture = new AccountsFixture();

  @BeforeEach
  void addJane() {
    fixture.user("jane@example.com");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private IssuedTokens signIn() {
    return fixture.signIn("jane@example.com");
  }

  private static String kid(IssuedTokens tokens) throws Exception {
    return SignedJWT.parse(tokens.accessToken()).getHeader().getKeyID();
  }

  private List<String> published() throws Exception {
    return JWKSet.parse(fixture.accounts.jwks()).getKeys().stream().map(JWK::getKeyID).toList();
  }

  @Test
  void oneKeySignsUntilItsTimeIsOver() throws Exception {
    String first = kid(signIn());
    fixture.time.advance(Duration.ofDays(29));
    assertThat(kid(signIn())).isEqualTo(first);
    fixture.time.advance(Duration.ofDays(1));
    IssuedTokens next = signIn();
    assertThat(kid(next)).isNotEqualTo(first);
    assertThat(fixture.isGood(next)).isTrue();
  }

  @Test
  void rotationOnScheduleIsRecordedAsTheHubsOwnAct() {
    signIn();
    fixture.audit.clear();
    fixture.time.advance(Duration.ofDays(29));
    signIn();
    assertThat(rotations()).isEmpty();
    fixture.time.advance(Duration.ofDays(1));
    signIn();
    assertThat(rotations())
        .extracting(AuditEvent::stage)
        .containsExactly(Stage.REQUEST_RECEIVED, Stage.RESPONSE_COMPLETE);
    assertThat(rotations())
        .allSatisfy(
            event -> {
              assertThat(event.info().verb()).isEqualTo("create");
              assertThat(event.user()).isEqualTo(Identity.user("fairlead:hub"));
            });
    assertThat(rotations().get(1).responseCode()).isEqualTo(204);
    signIn();
    assertThat(rotations()).hasSize(2);
  }

  @Test
  void rotationThatCannotBeRecordedIsNotDoneAndTheFormerKeySignsOn() throws Exception {
    List<String> before = published();
    fixture.time.advance(Duration.ofDays(31));
    try (LocalAccounts unrecorded = fixture.builder(new Forgetful(0)).build()) {
      assertThat(JWKSet.parse(unrecorded.jwks()).getKeys())
          .extracting(JWK::getKeyID)
          .isEqualTo(before);
    }
    assertThat(published()).hasSize(2).containsAll(before);
  }

  @Test
  void firstKeyThatCannotBeRecordedIsNotMade() {
    try (LocalAccounts unrecorded = fixture.builder(new Forgetful(0)).build()) {
      assertThatThrownBy(unrecorded::jwks).isInstanceOf(OfflineException.class);
    }
    assertThat(fixture.stores.signingKeys().list()).isEmpty();
  }

  private List<AuditEvent> rotations() {
    return fixture.audit.events().stream()
        .filter(event -> event.info().resource().equals("signingkeys"))
        .toList();
  }

  @Test
  void formerKeyVerifiesUntilItsLastTokenHasExpired() throws Exception {
    IssuedTokens old = signIn();
    fixture.accounts.rotateSigningKey();
    IssuedTokens fresh = signIn();
    assertThat(published()).containsExactly(kid(old), kid(fresh));
    fixture.time.advance(Duration.ofMinutes(14));
    assertThat(fixture.isGood(old)).isTrue();
    assertThat(fixture.isGood(fresh)).isTrue();
    fixture.time.advance(Duration.ofMinutes(3));
    assertThat(published()).containsExactly(kid(fresh));
    fixture.accounts.rotateSigningKey();
    assertThat(fixture.stores.signingKeys().list())
        .extracting(StoredSigningKey::id)
        .doesNotContain(kid(old))
        .hasSize(2);
  }

  @Test
  void nothingPrivateIsPublished() throws Exception {
    signIn();
    StoredSigningKey key = fixture.stores.signingKeys().list().get(0);
    JWK published = JWKSet.parse(fixture.accounts.jwks()).getKeys().get(0);
    assertThat(published.isPrivate()).isFalse();
    assertThat(published.toJSONObject().keySet())
        .containsExactlyInAnyOrder("kty", "use", "alg", "kid", "n", "e");
    assertThat(published.size()).isEqualTo(2_048);
    assertThat(fixture.accounts.jwks()).doesNotContain(key.privateKey());
  }

  @Test
  void keysOutliveTheProcess() {
    IssuedTokens tokens = signIn();
    try (LocalAccounts another = fixture.builder(fixture.audit).build()) {
      assertThat(another.examine(tokens.accessToken()).bearer()).isNotNull();
      another.rotateSigningKey();
      assertThat(fixture.isGood(another.refresh(tokens.refreshToken()))).isTrue();
    }
  }

  @Test
  void manyAtOnceAgreeOnOneKey() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(16);
    List<String> found = new ArrayList<>();
    try {
      Callable<String> call = fixture.accounts::jwks;
      for (Future<String> one : threads.invokeAll(Collections.nCopies(32, call))) {
        found.add(one.get());
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(found).containsOnly(found.get(0));
    assertThat(fixture.stores.signingKeys().list()).hasSize(1);
  }
}
