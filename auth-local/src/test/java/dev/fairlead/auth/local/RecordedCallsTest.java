package dev.fairlead.auth.local;

import static dev.fairlead.auth.local.AccountsFixture.PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.ConflictException;
import dev.fairlead.api.OfflineException;
import dev.fairlead.api.UnauthenticatedException;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.audit.AuditEvent.Stage;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of whoever embeds the accounts are on record as those over the pages are. */
final class RecordedCallsTest {

  private final AccountsFixture fixture = new AccountsFixture();
  private LocalUser jane;

  @BeforeEach
  void addUsers() {
    fixture.user("root@example.com", LocalAccounts.ADMINISTRATOR);
    jane = fixture.user("jane@example.com", "dev");
    fixture.audit.clear();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  /** What is asked for, the status, and the facts beside them, of the one call on record. */
  private String recorded() {
    List<AuditEvent> events = fixture.audit.events();
    assertThat(events)
        .extracting(AuditEvent::stage)
        .containsExactly(Stage.REQUEST_RECEIVED, Stage.RESPONSE_COMPLETE);
    AuditEvent end = events.get(1);
    assertThat(end.auditId()).isEqualTo(events.get(0).auditId());
    fixture.audit.clear();
    return end.info().verb()
        + " "
        + end.info().path().substring("/apis/fairlead.dev/v1/".length())
        + " "
        + end.responseCode()
        + " "
        + new TreeMap<>(end.annotations());
  }

  @Test
  void changesOfUsersAreRecordedOnceEach() {
    LocalUsers users = fixture.accounts.users();
    LocalUser bob = users.add("bob@example.com", PASSWORD, List.of("ops", "dev"));
    assertThat(recorded())
        .isEqualTo(
            "create users 201 {fairlead.dev/roles=ops dev, fairlead.dev/user=" + bob.id() + "}");
    users.setRoles(bob.id(), List.of("dev"));
    assertThat(recorded())
        .isEqualTo("update users/" + bob.id() + "/roles 200 {fairlead.dev/roles=dev}");
    users.setPassword(bob.id(), PASSWORD + "!");
    assertThat(recorded())
        .isEqualTo("patch users/" + bob.id() + " 200 {fairlead.dev/changed=password}");
    users.setEmail(bob.id(), "rob@example.com");
    assertThat(recorded())
        .isEqualTo("patch users/" + bob.id() + " 200 {fairlead.dev/changed=email}");
    users.setDisabled(bob.id(), true);
    assertThat(recorded())
        .isEqualTo("patch users/" + bob.id() + " 200 {fairlead.dev/changed=disabled}");
    users.setDisabled(bob.id(), false);
    assertThat(recorded())
        .isEqualTo("patch users/" + bob.id() + " 200 {fairlead.dev/changed=enabled}");
    users.remove(bob.id());
    assertThat(recorded()).isEqualTo("delete users/" + bob.id() + " 204 {}");
    users.list();
    users.find(jane.id());
    assertThat(fixture.audit.events()).isEmpty();
  }

  @Test
  void whatFailsIsRecordedWithItsStatus() {
    LocalUsers users = fixture.accounts.users();
    assertThatThrownBy(() -> users.add("jane@example.com", PASSWORD, List.of()))
        .isInstanceOf(ConflictException.class);
    assertThat(recorded()).startsWith("create users 409");
    assertThatThrownBy(() -> users.remove("nobody")).isInstanceOf(RuntimeException.class);
    assertThat(recorded()).startsWith("delete users/nobody 404");
  }

  @Test
  void keysAndSessionsAreRecordedWithWhoseTheyAre() {
    fixture.accounts.rotateSigningKey();
    assertThat(recorded()).isEqualTo("create signingkeys 204 {}");
    IssuedTokens tokens = fixture.accounts.signIn(jane.email(), PASSWORD, "192.0.2.1");
    assertThat(fixture.audit.events().get(0).sourceIps()).containsExactly("192.0.2.1");
    assertThat(fixture.audit.events().get(1).user()).isEqualTo(tokens.identity());
    assertThat(recorded()).startsWith("create sessions 200 ").contains(tokens.sessionId());
    IssuedTokens next = fixture.accounts.refresh(tokens.refreshToken());
    assertThat(recorded()).startsWith("update sessions 200 ");
    fixture.accounts.signOut(next.refreshToken());
    assertThat(recorded()).isEqualTo("delete sessions 204 {fairlead.dev/user=" + jane.id() + "}");
    assertThatThrownBy(() -> fixture.accounts.signIn(jane.email(), "wrong", ""))
        .isInstanceOf(UnauthenticatedException.class);
    assertThat(recorded()).startsWith("create sessions 401");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void whatCannotBeRecordedIsNotDone(int which) {
    try (LocalAccounts unrecorded = fixture.builder(new Forgetful(0)).build()) {
      LocalUsers users = unrecorded.users();
      String id = jane.id();
      List<Consumer<String>> calls =
          List.of(
              email -> users.add(email, PASSWORD, List.of()),
              email -> users.setEmail(id, email),
              email -> users.setDisabled(id, true),
              email -> users.setRoles(id, List.of()),
              email -> users.setPassword(id, PASSWORD + "!"),
              email -> users.remove(id),
              email -> unrecorded.rotateSigningKey(),
              email -> unrecorded.signIn(jane.email(), PASSWORD, ""));
      String keys = fixture.accounts.jwks();
      assertThatThrownBy(() -> calls.get(which).accept("new@example.com"))
          .isInstanceOf(OfflineException.class)
          .hasMessageContaining("could not be recorded");
      assertThat(fixture.accounts.users().list()).hasSize(2).contains(jane);
      assertThat(fixture.accounts.jwks()).isEqualTo(keys);
      assertThat(fixture.stores.sessions().listOf(id)).isEmpty();
      assertThat(fixture.told).isEmpty();
      assertThat(fixture.signIn(jane.email())).isNotNull();
    }
  }

  @Test
  void sessionWhoseBeginningIsNotRecordedEnds() {
    try (LocalAccounts halfRecorded = fixture.builder(new Forgetful(1)).build()) {
      assertThatThrownBy(() -> halfRecorded.signIn(jane.email(), PASSWORD, ""))
          .isInstanceOf(OfflineException.class);
      assertThat(fixture.stores.sessions().listOf(jane.id())).isEmpty();
    }
  }
}
