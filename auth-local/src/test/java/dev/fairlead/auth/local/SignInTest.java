package dev.fairlead.auth.local;

import static dev.fairlead.auth.local.AccountsFixture.PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.management.ThreadMXBean;
import dev.fairlead.api.FairleadException;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.LimitException;
import dev.fairlead.api.UnauthenticatedException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Passwords: who gets in by them, and who is kept out. */
final class SignInTest {

  private static final String JANE = "jane@example.com";
  private static final String SOURCE = "192.0.2.1";

  private final AccountsFixture fixture = new AccountsFixture();
  private final LocalAccounts accounts = fixture.accounts;

  @AfterEach
  void close() {
    fixture.close();
  }

  private Throwable failure(String email, String password) {
    return catchThrowable(() -> accounts.signIn(email, password, SOURCE));
  }

  @Test
  void userSignsInByEmailWhateverItsCase() {
    LocalUser jane = fixture.user("Jane@Example.com", "dev");
    IssuedTokens tokens = accounts.signIn(" JANE@example.COM", PASSWORD, SOURCE);
    assertThat(tokens.identity().username()).isEqualTo("local:jane@example.com");
    assertThat(tokens.identity().uid()).isEqualTo(jane.id());
    assertThat(tokens.identity().groups()).containsExactly("local:dev");
    assertThat(tokens.expiresIn()).isEqualTo(Duration.ofMinutes(15));
    assertThat(fixture.isGood(tokens)).isTrue();
    assertThat(tokens.toString())
        .doesNotContain(tokens.accessToken())
        .doesNotContain(tokens.refreshToken());
  }

  @Test
  void refusalsDoNotTellWhatWasWrong() {
    LocalUser jane = fixture.user(JANE);
    fixture.user("off@example.com");
    accounts.users().list().stream()
        .filter(user -> user.email().startsWith("off"))
        .forEach(user -> accounts.users().setDisabled(user.id(), true));
    List<Throwable> failures =
        List.of(
            failure(JANE, "wrong password"),
            failure("nobody@example.com", "wrong password"),
            failure("nobody", "wrong password"),
            failure("", ""),
            failure("off@example.com", PASSWORD),
            failure(JANE, "x".repeat(100_000)));
    assertThat(failures)
        .allSatisfy(one -> assertThat(one).isInstanceOf(UnauthenticatedException.class))
        .extracting(Throwable::getMessage)
        .containsOnly(failures.get(0).getMessage());
    assertThat(failures.get(0)).hasMessageNotContaining(jane.id());
  }

  @Test
  void unknownUserCostsTheSameHash() {
    LocalAccounts dear =
        fixture.builder(fixture.audit).cost(new Argon2.Cost(8 * 1024, 1, 1)).build();
    dear.users().add(JANE, PASSWORD, List.of());
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (String email : List.of(JANE, "nobody@example.com", "no address")) {
      long before = threads.getCurrentThreadAllocatedBytes();
      assertThatThrownBy(() -> dear.signIn(email, "wrong password", SOURCE))
          .isInstanceOf(UnauthenticatedException.class);
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      assertThat(allocated).as(email).isBetween(8L << 20, 12L << 20);
    }
    dear.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {JANE, "nobody@example.com"})
  void accountIsLockedAfterTooManyFailuresBeItThereOrNot(String email) {
    fixture.user(JANE);
    for (int i = 0; i < LocalAccountsBuilder.FAILURES_OF_ACCOUNT; i++) {
      assertThat(failure(email, "wrong password")).isInstanceOf(UnauthenticatedException.class);
    }
    assertThat(failure(email, PASSWORD))
        .isInstanceOf(LimitException.class)
        .hasMessageContaining("this account");
    fixture.time.advance(Duration.ofMinutes(1));
    assertThat(failure(email, "wrong password")).isInstanceOf(UnauthenticatedException.class);
    fixture.time.advance(Duration.ofMinutes(1));
    assertThat(failure(email, PASSWORD)).as("locked for longer").isInstanceOf(LimitException.class);
  }

  @Test
  void lockEndsAndSuccessForgetsFailures() {
    fixture.user(JANE);
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < LocalAccountsBuilder.FAILURES_OF_ACCOUNT - 1; i++) {
        failure(JANE, "wrong password");
      }
      assertThat(fixture.isGood(fixture.signIn(JANE))).isTrue();
    }
    for (int i = 0; i < LocalAccountsBuilder.FAILURES_OF_ACCOUNT; i++) {
      failure(JANE, "wrong password");
    }
    fixture.time.advance(Duration.ofMinutes(1));
    assertThat(fixture.isGood(fixture.signIn(JANE))).isTrue();
  }

  @Test
  void sourceIsLockedWhoeverItGuessesAt() {
    fixture.user(JANE);
    for (int i = 0; i < LocalAccountsBuilder.FAILURES_OF_ADDRESS; i++) {
      failure("user" + i + "@example.com", "wrong password");
    }
    assertThat(failure(JANE, PASSWORD))
        .isInstanceOf(LimitException.class)
        .hasMessageContaining("your address");
    assertThat(fixture.isGood(accounts.signIn(JANE, PASSWORD, "192.0.2.2"))).isTrue();
    fixture.time.advance(Duration.ofMinutes(61));
    assertThat(fixture.isGood(fixture.signIn(JANE))).isTrue();
  }

  @Test
  void networkOfOneCustomerIsOneSource() {
    assertThat(SourceAddress.key("2001:db8:0:1::1"))
        .isEqualTo(SourceAddress.key("2001:db8:0:1:9::2"));
    assertThat(SourceAddress.key("2001:db8:0:2::1"))
        .isNotEqualTo(SourceAddress.key("2001:db8:0:1::1"));
    assertThat(SourceAddress.key("192.0.2.1")).isEqualTo("192.0.2.1");
    assertThat(SourceAddress.key("")).isEmpty();
  }

  @Test
  void manyGuessesAtOnceAreNoWayAround() throws Exception {
    fixture.user(JANE);
    Callable<Throwable> guess =
        () -> catchThrowable(() -> accounts.signIn(JANE, "wrong password", SOURCE));
    List<Throwable> failures = together(Collections.nCopies(200, guess));
    assertThat(failures)
        .filteredOn(UnauthenticatedException.class::isInstance)
        .hasSizeLessThanOrEqualTo(LocalAccountsBuilder.FAILURES_OF_ACCOUNT);
    assertThat(failures).allSatisfy(one -> assertThat(one).isInstanceOf(FairleadException.class));
  }

  private static <T> List<T> together(List<Callable<T>> calls) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(32);
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> call : threads.invokeAll(calls)) {
        results.add(call.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void onlyAFewWaitForTheirHash() throws Exception {
    Passwords passwords = new Passwords(new Argon2.Cost(16 * 1024, 4, 1), 1, new SecureRandom());
    String hash = passwords.hash(PASSWORD);
    Callable<String> guess =
        () -> {
          try {
            return String.valueOf(passwords.matches(hash, PASSWORD));
          } catch (LimitException e) {
            return "busy";
          }
        };
    List<String> results = together(Collections.nCopies(32, guess));
    assertThat(results).containsOnly("true", "busy");
  }

  @Test
  void floodOfNamesAndSourcesIsBoundedAndUnlocksNobody() {
    Lockout lockout = new Lockout(10, 50, fixture.time);
    for (int i = 0; i < LocalAccountsBuilder.FAILURES_OF_ACCOUNT; i++) {
      lockout.begin(JANE, true, SOURCE).wrong();
    }
    for (int i = 0; i < 50_000; i++) {
      lockout.begin("user" + i + "@example.com", false, "10.0." + i / 256 + "." + i % 256).wrong();
    }
    assertThat(lockout.size()).isLessThanOrEqualTo(2 * Lockout.MOST_KEYS + 1);
    assertThatThrownBy(() -> lockout.begin(JANE, true, "192.0.2.9"))
        .isInstanceOf(LimitException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2a", "2b", "2y"})
  void importedBcryptHashHoldsAndIsReplacedAtSignIn(String version) {
    byte[] salt = new byte[16];
    String hash =
        OpenBSDBCrypt.generate(version, PASSWORD.getBytes(StandardCharsets.UTF_8), salt, 4);
    LocalUser jane = accounts.users().importUser(JANE, hash, List.of());
    assertThat(failure(JANE, "wrong password")).isInstanceOf(UnauthenticatedException.class);
    assertThat(fixture.stores.users().find(jane.id()).orElseThrow().passwordHash()).isEqualTo(hash);
    assertThat(fixture.isGood(fixture.signIn(JANE))).isTrue();
    assertThat(fixture.stores.users().find(jane.id()).orElseThrow().passwordHash())
        .startsWith("$argon2id$v=19$m=64,t=1,p=1$");
    assertThat(fixture.isGood(fixture.signIn(JANE))).isTrue();
  }

  @Test
  void hashOfAnotherCostIsReplacedAtSignIn() {
    String other = Argon2.of(PASSWORD, new Argon2.Cost(128, 2, 1), new SecureRandom()).text();
    LocalUser jane = accounts.users().importUser(JANE, other, List.of());
    fixture.signIn(JANE);
    assertThat(fixture.stores.users().find(jane.id()).orElseThrow().passwordHash())
        .startsWith("$argon2id$v=19$m=64,t=1,p=1$");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "password",
        "$2a$31$0123456789012345678901abcdefghijabcdefghijabcdefghijabcdefghija",
        "$2x$10$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZabcde",
        "$argon2id$v=19$m=999999,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2g",
        "$argon2id$v=19$m=64,t=99,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2g",
        "$argon2id$v=19$m=64,t=0,p=0$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2g",
        "$argon2i$v=19$m=64,t=1,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2g",
        "$1$salt$hash"
      })
  void hashesOfAnotherKindOrThatCostTooMuchAreNotImported(String hash) {
    assertThatThrownBy(() -> accounts.users().importUser(JANE, hash, List.of()))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("password hash");
  }

  @Test
  void passwordsAndNamesThatCannotBeAreRefused() {
    for (String password : List.of("", "elevenchars", "x".repeat(257))) {
      assertThatThrownBy(() -> accounts.users().add(JANE, password, List.of()))
          .isInstanceOf(InvalidException.class);
    }
    for (String email :
        List.of("", "jane", "@example.com", "jane@", "system:admin", "a b@c.d", "ü@example.com")) {
      assertThatThrownBy(() -> accounts.users().add(email, PASSWORD, List.of()))
          .isInstanceOf(InvalidException.class);
    }
    for (String role : List.of("", "a b", "system:masters", "A", "-a", "x".repeat(64))) {
      assertThatThrownBy(() -> accounts.users().add(JANE, PASSWORD, List.of(role)))
          .isInstanceOf(InvalidException.class);
    }
    assertThat(accounts.users().list()).isEmpty();
  }

  @Test
  void firstAdministratorIsMadeOnce() {
    FirstAdministrator first = accounts.makeFirstAdministrator("Admin@example.com").orElseThrow();
    assertThat(first.email()).isEqualTo("admin@example.com");
    assertThat(first.password()).hasSize(24);
    assertThat(first.toString()).doesNotContain(first.password());
    assertThat(accounts.signIn(first.email(), first.password(), "").identity().groups())
        .containsExactly("local:administrator");
    assertThat(accounts.makeFirstAdministrator("eve@example.com")).isEmpty();
    assertThat(fixture.audit.events())
        .filteredOn(event -> event.info().resource().equals("users"))
        .hasSize(2);
    assertThat(fixture.audit.events().toString()).doesNotContain(first.password());
  }

  @Test
  void userHasNoMoreThanTwentySessions() {
    fixture.user(JANE);
    List<IssuedTokens> all = IntStream.range(0, 22).mapToObj(i -> fixture.signIn(JANE)).toList();
    assertThat(all.stream().map(fixture::isGood).toList().subList(0, 3))
        .containsExactly(false, false, true);
    assertThat(fixture.told)
        .containsExactly(
            "local-session/" + all.get(0).sessionId(), "local-session/" + all.get(1).sessionId());
  }

  @Test
  void everyMistakeOfTheSettingsIsListed() {
    assertThatThrownBy(
            () ->
                LocalAccounts.builder()
                    .issuer("http://hub.example.com/path")
                    .audience()
                    .accessTokensFor(Duration.ofMinutes(16))
                    .sessionsFor(Duration.ofDays(9), Duration.ofDays(8))
                    .signingKeysFor(Duration.ZERO)
                    .prefixes("system:", "")
                    .passwordsAtOnce(0)
                    .failures(0, 0)
                    .build())
        .isInstanceOf(InvalidException.class)
        .hasMessageContainingAll(
            "issuer: no such URL",
            "stores: not set",
            "audit: not set",
            "audience: none",
            "accessTokensFor: PT16M",
            "sessionsFor, unused",
            "signingKeysFor: PT0S",
            "prefixes: begin with system:",
            "passwordsAtOnce: 0",
            "failures: 0, 0");
  }
}
