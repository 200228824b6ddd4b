package dev.fairlead.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.ConflictException;
import dev.fairlead.api.store.SessionStore.Rotation;
import dev.fairlead.api.store.SessionStore.ShownToken;
import dev.fairlead.api.store.SessionStore.StoredSession;
import dev.fairlead.api.store.SigningKeyStore.StoredSigningKey;
import dev.fairlead.api.store.UserStore.StoredUser;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What users, their sessions and the hub's signing keys have to do. */
abstract class AccountCases extends InstallTokenCases {

  private static final Instant LATER = NOW.plus(Duration.ofDays(7));
  private static final ShownToken FIRST = new ShownToken("s", "family", "first");

  private final StoredUser jane =
      new StoredUser("1", "jane@example.com", "$hash", false, List.of("b", "a"), NOW);

  private static StoredUser named(String id, String email) {
    return new StoredUser(id, email, "$hash", false, List.of(), NOW);
  }

  private static StoredSession session(String id, String userId) {
    return new StoredSession(id, userId, "family", "first", NOW, LATER);
  }

  private Rotation rotate(ShownToken shown, String next, Instant now) {
    return stores().sessions().rotate(shown, next, now, LATER.plusSeconds(60));
  }

  @Test
  void findsAUserByIdAndByEmail() {
    stores().users().add(jane);
    assertThat(stores().users().find("1")).contains(jane);
    assertThat(stores().users().findByEmail("jane@example.com")).contains(jane);
    assertThat(stores().users().find("2")).isEmpty();
    assertThat(stores().users().findByEmail("JANE@example.com")).isEmpty();
    assertThat(jane.toString()).doesNotContain("$hash");
  }

  @Test
  void refusesASecondUserWithTheSameIdOrEmail() {
    stores().users().add(jane);
    assertThatThrownBy(() -> stores().users().add(named("1", "eve@example.com")))
        .isInstanceOf(ConflictException.class);
    assertThatThrownBy(() -> stores().users().add(named("2", "jane@example.com")))
        .isInstanceOf(ConflictException.class)
        .hasMessageNotContaining("$hash");
    assertThat(stores().users().list()).containsExactly(jane);
  }

  @Test
  void replacesAUserOnlyAsItWasRead() {
    stores().users().add(jane);
    StoredUser moved = named("1", "jane@example.org");
    assertThat(stores().users().replace(named("1", "jane@example.com"), moved)).isFalse();
    assertThat(stores().users().find("1")).contains(jane);
    assertThat(stores().users().replace(jane, moved)).isTrue();
    assertThat(stores().users().findByEmail("jane@example.org")).contains(moved);
    assertThat(stores().users().findByEmail("jane@example.com")).isEmpty();
    assertThat(stores().users().replace(jane, jane)).isFalse();
    assertThat(stores().users().replace(named("9", "x@example.com"), named("9", "y@example.com")))
        .isFalse();
  }

  @Test
  void replacingDoesNotTakeAnothersEmail() {
    stores().users().add(jane);
    stores().users().add(named("2", "eve@example.com"));
    assertThatThrownBy(() -> stores().users().replace(jane, named("1", "eve@example.com")))
        .isInstanceOf(ConflictException.class);
    assertThat(stores().users().find("1")).contains(jane);
  }

  @Test
  void ofManyReplacementsAtOnceOneSucceeds() {
    stores().users().add(jane);
    List<Boolean> done =
        Together.call(
            IntStream.range(0, 32)
                .<Callable<Boolean>>mapToObj(
                    i ->
                        () ->
                            stores().users().replace(jane, named("1", "jane" + i + "@example.com")))
                .toList());
    assertThat(done).filteredOn(Boolean::booleanValue).hasSize(1);
  }

  @Test
  void removesAUserWhoseEmailIsThenFree() {
    stores().users().add(jane);
    assertThat(stores().users().remove("1")).isTrue();
    assertThat(stores().users().remove("1")).isFalse();
    stores().users().add(named("2", "jane@example.com"));
    assertThat(stores().users().list()).extracting(StoredUser::id).containsExactly("2");
  }

  @Test
  void rotatesARefreshToken() {
    stores().sessions().add(session("s", "1"));
    Rotation rotated = rotate(FIRST, "second", NOW);
    StoredSession next =
        new StoredSession("s", "1", "family", "second", NOW, LATER.plusSeconds(60));
    assertThat(rotated).isEqualTo(new Rotation.Rotated(next));
    assertThat(stores().sessions().find("s")).contains(next);
    assertThat(rotate(new ShownToken("s", "family", "second"), "third", NOW))
        .isInstanceOf(Rotation.Rotated.class);
  }

  @Test
  void refreshTokenThatWasUsedBeforeEndsItsFamily() {
    stores().sessions().add(session("s", "1"));
    rotate(FIRST, "second", NOW);
    rotate(new ShownToken("s", "family", "second"), "third", NOW);
    assertThat(rotate(FIRST, "evil", NOW)).isInstanceOf(Rotation.Replayed.class);
    assertThat(stores().sessions().find("s")).isEmpty();
    assertThat(rotate(new ShownToken("s", "family", "third"), "fourth", NOW))
        .isInstanceOf(Rotation.Refused.class);
  }

  @Test
  void refreshTokenThatIsMadeUpEndsNothing() {
    StoredSession session = session("s", "1");
    stores().sessions().add(session);
    for (ShownToken made :
        List.of(
            new ShownToken("s", "guess", "first"),
            new ShownToken("s", "", ""),
            new ShownToken("t", "family", "first"))) {
      assertThat(rotate(made, "evil", NOW)).isInstanceOf(Rotation.Refused.class);
    }
    assertThat(stores().sessions().find("s")).contains(session);
  }

  @Test
  void expiredRefreshTokenDoesNotHold() {
    stores().sessions().add(session("s", "1"));
    assertThat(rotate(FIRST, "second", LATER)).isInstanceOf(Rotation.Refused.class);
    assertThat(rotate(FIRST, "second", LATER.minusNanos(1))).isInstanceOf(Rotation.Rotated.class);
  }

  @Test
  void ofAHundredRotationsAtOnceOneSucceedsAndTheFamilyEnds() {
    stores().sessions().add(session("s", "1"));
    Callable<Rotation> rotation = () -> rotate(FIRST, "second", NOW);
    List<Rotation> done = Together.call(Collections.nCopies(100, rotation));
    assertThat(done).filteredOn(Rotation.Rotated.class::isInstance).hasSize(1);
    assertThat(done).filteredOn(Rotation.Replayed.class::isInstance).hasSize(1);
    assertThat(stores().sessions().find("s")).isEmpty();
  }

  @Test
  void removesTheSessionsOfOneUserOnly() {
    StoredSession first = session("a", "1");
    StoredSession second = session("b", "1");
    StoredSession other = session("c", "2");
    List.of(first, second, other).forEach(stores().sessions()::add);
    assertThat(stores().sessions().listOf("1")).containsExactly(first, second);
    assertThat(stores().sessions().removeAll("1")).containsExactly(first, second);
    assertThat(stores().sessions().removeAll("1")).isEmpty();
    assertThat(stores().sessions().find("c")).contains(other);
    assertThat(stores().sessions().remove("c")).isTrue();
    assertThat(stores().sessions().remove("c")).isFalse();
  }

  @Test
  void refusesASecondSessionWithTheSameId() {
    stores().sessions().add(session("s", "1"));
    assertThatThrownBy(() -> stores().sessions().add(session("s", "2")))
        .isInstanceOf(ConflictException.class);
    assertThat(stores().sessions().listOf("2")).isEmpty();
  }

  @Test
  void purgeForgetsSessionsThatExpiredBefore() {
    stores().sessions().add(session("s", "1"));
    stores().sessions().purge(LATER);
    assertThat(stores().sessions().find("s")).isPresent();
    stores().sessions().purge(LATER.plusNanos(1));
    assertThat(stores().sessions().find("s")).isEmpty();
  }

  @Test
  void newestSigningKeySignsAndOthersKeepTheirTime() {
    stores().signingKeys().rotate(key("a", null), NOW);
    stores().signingKeys().rotate(key("b", null), NOW.plusSeconds(1));
    stores().signingKeys().rotate(key("c", null), NOW.plusSeconds(2));
    assertThat(stores().signingKeys().list())
        .containsExactly(
            key("a", NOW.plusSeconds(1)), key("b", NOW.plusSeconds(2)), key("c", null));
    assertThatThrownBy(() -> stores().signingKeys().rotate(key("b", null), NOW))
        .isInstanceOf(ConflictException.class);
    stores().signingKeys().purge(NOW.plusSeconds(2));
    assertThat(stores().signingKeys().list())
        .extracting(StoredSigningKey::id)
        .containsExactly("b", "c");
    assertThat(key("a", null).toString()).doesNotContain("private").doesNotContain("public");
  }

  private static StoredSigningKey key(String id, @Nullable Instant verifiesUntil) {
    return new StoredSigningKey(id, "private", "public", NOW, verifiesUntil);
  }

  @Test
  void remembersAccountsAcrossClosing() {
    stores().users().add(jane);
    stores().sessions().add(session("s", "1"));
    rotate(FIRST, "second", NOW);
    stores().signingKeys().rotate(key("a", null), NOW);
    stores().signingKeys().rotate(key("b", null), LATER);
    var sessions = stores().sessions().listOf("1");
    var keys = stores().signingKeys().list();

    reopen();

    assertThat(stores().users().list()).containsExactly(jane);
    assertThat(stores().sessions().listOf("1")).hasSize(1).isEqualTo(sessions);
    assertThat(stores().signingKeys().list()).hasSize(2).isEqualTo(keys);
    assertThat(rotate(FIRST, "evil", NOW)).isInstanceOf(Rotation.Replayed.class);
  }

  @Test
  void accountsAreOutOfReachWhileClosed() {
    stores().close();
    assertThatThrownBy(() -> stores().users().list()).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> stores().sessions().find("s"))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> stores().signingKeys().list())
        .isInstanceOf(IllegalStateException.class);
  }
}
