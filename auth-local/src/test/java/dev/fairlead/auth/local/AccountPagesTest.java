package dev.fairlead.auth.local;

import static dev.fairlead.auth.local.AccountsFixture.PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.fairlead.api.FairleadException;
import dev.fairlead.api.OfflineException;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.core.door.RestAnswer;
import dev.fairlead.core.door.RestCall;
import dev.fairlead.core.door.RestPages;
import dev.fairlead.core.door.RestProblemException;
import dev.fairlead.core.request.RequestTarget;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages as a front door calls them. */
final class AccountPagesTest {

  private final AccountsFixture fixture = new AccountsFixture();
  private final RestPages pages = fixture.accounts.pages();
  private LocalUser jane;
  private String admin;

  @BeforeEach
  void addUsers() throws ParseException {
    jane = fixture.user("jane@example.com", "dev");
    fixture.user("admin@example.com", LocalAccounts.ADMINISTRATOR);
    admin = accessToken("admin@example.com");
    fixture.audit.clear();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static RestCall call(
      String method, String path, @Nullable String token, @Nullable String json) {
    return new RestCall(
        method,
        RequestTarget.parse(path),
        json == null ? null : "application/json",
        (json == null ? "" : json).getBytes(StandardCharsets.UTF_8),
        token == null ? null : BearerToken.of(token),
        "192.0.2.7",
        "test/1",
        () -> {
          throw new AssertionError("a door's authenticators may know more than these accounts");
        });
  }

  /** What the door makes of an answer or an exception. */
  private static RestAnswer ask(RestPages asked, RestCall call) {
    try {
      return asked.answer(call);
    } catch (RestProblemException e) {
      return e.answer();
    } catch (FairleadException e) {
      return RestAnswer.problem(e);
    }
  }

  private RestAnswer ask(
      String method, String path, @Nullable String token, @Nullable String json) {
    return ask(pages, call(method, path, token, json));
  }

  private static Map<String, Object> json(RestAnswer answer) throws ParseException {
    return JSONObjectUtils.parse(new String(answer.body(), StandardCharsets.UTF_8));
  }

  private static String login(String email, String password) {
    return JSONObjectUtils.toJSONString(Map.of("email", email, "password", password));
  }

  private String accessToken(String email) throws ParseException {
    return (String)
        json(ask("POST", "/auth/login", null, login(email, PASSWORD))).get("access_token");
  }

  @Test
  void userSignsInRefreshesAndSignsOut() throws Exception {
    RestAnswer in = ask("POST", "/auth/login", null, login("jane@example.com", PASSWORD));
    assertThat(in.status()).isEqualTo(200);
    Map<String, Object> tokens = json(in);
    assertThat(tokens)
        .containsOnlyKeys("access_token", "token_type", "expires_in", "refresh_token")
        .containsEntry("token_type", "Bearer")
        .containsEntry("expires_in", 900L);
    String refresh = "{\"refresh_token\":\"" + tokens.get("refresh_token") + "\"}";
    RestAnswer next = ask("POST", "/auth/refresh", null, refresh);
    assertThat(json(next)).containsKeys("access_token", "refresh_token");
    String last = "{\"refresh_token\":\"" + json(next).get("refresh_token") + "\"}";
    assertThat(ask("POST", "/auth/logout", null, last).status()).isEqualTo(204);
    assertThat(ask("POST", "/auth/logout", null, last).status()).isEqualTo(204);
    assertThat(ask("POST", "/auth/refresh", null, last).status()).isEqualTo(401);
    assertThat(fixture.audit.events())
        .filteredOn(event -> event.stage() == AuditEvent.Stage.RESPONSE_COMPLETE)
        .extracting(event -> event.info().verb() + " " + event.responseCode())
        .containsExactly("create 200", "update 200", "delete 204", "delete 204", "update 401");
    assertThat(fixture.audit.events().toString())
        .doesNotContain(PASSWORD)
        .doesNotContain((String) tokens.get("refresh_token"))
        .doesNotContain((String) tokens.get("access_token"));
  }

  @Test
  void refusedSignInIsRecorded() {
    assertThat(ask("POST", "/auth/login", null, login("Jane@example.com", "wrong")).status())
        .isEqualTo(401);
    AuditEvent end = fixture.audit.events().get(1);
    assertThat(end.outcome()).isEqualTo(AuditEvent.Outcome.REFUSED);
    assertThat(end.user()).isNull();
    assertThat(end.sourceIps()).containsExactly("192.0.2.7");
    assertThat(end.info().apiGroup()).isEqualTo(AuditEvent.HUB_GROUP);
    assertThat(end.info().resourcePath()).isEqualTo("sessions");
    assertThat(end.annotations()).containsEntry("fairlead.dev/email", "jane@example.com");
    ask("POST", "/auth/login", null, login("my-secret-password", "x"));
    assertThat(fixture.audit.events().toString()).doesNotContain("my-secret-password");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST | /auth/login | {}",
        "POST | /auth/login | []",
        "POST | /auth/login | {\"email\":1,\"password\":2}",
        "POST | /auth/login | {\"email\":\"a@b.c\",\"password\":\"x\",\"more\":1}",
        "POST | /auth/login | nonsense",
        "POST | /auth/refresh | {\"refresh_token\":[]}",
        "POST | /auth/logout | {}",
        "POST | /users | {\"email\":\"a@b.c\"}",
        "POST | /users | {\"email\":\"a@b.c\",\"password\":\"short\"}",
        "POST | /users | {\"email\":\"a@b.c\",\"passwordHash\":\"plain\"}",
        "POST | /users | {\"email\":\"a@b.c\",\"password\":\"long enough 12\",\"roles\":[1]}",
        "POST | /users | {\"email\":\"a@b.c\",\"password\":\"long enough 12\",\"roles\":[\"A B\"]}",
        "GET | /users?limit=0 |",
        "GET | /users?after=unknown |",
        "POST | /auth/password | {\"password\":\"x\",\"new_password\":\"short\"}",
      })
  void whatCannotBeReadIsABadRequest(String method, String path, @Nullable String body) {
    assertThat(ask(method, path, admin, body).status()).isEqualTo(400);
  }

  @Test
  void deepJsonBreaksNothing() {
    assertThat(ask("POST", "/auth/login", null, "[".repeat(8_000)).status()).isEqualTo(400);
    assertThat(ask("POST", "/auth/login", null, "{\"a\":".repeat(1_600)).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/auth,404",
    "GET,/auth/login,405",
    "GET,/auth/login/x,404",
    "PUT,/users,405",
    "GET,/users/x/y,404",
    "POST,/auth/jwks,405",
    "GET,/.well-known/openid-configuration/x,404"
  })
  void otherPathsAndMethodsAreToldApart(String method, String path, int status) {
    RestAnswer answer = ask(method, path, admin, null);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.headers().containsKey("allow")).isEqualTo(status == 405);
    assertThat(fixture.audit.events()).isEmpty();
  }

  @Test
  void administratorDealsWithUsers() throws Exception {
    RestAnswer added =
        ask(
            "POST",
            "/users",
            admin,
            "{\"email\":\"Bob@example.com\",\"password\":\""
                + PASSWORD
                + "\",\"roles\":[\"dev\"]}");
    assertThat(added.status()).isEqualTo(201);
    String id = (String) json(added).get("id");
    assertThat(added.headers()).containsEntry("location", "/users/" + id);
    assertThat(json(added)).containsEntry("email", "bob@example.com").doesNotContainKey("password");
    assertThat(json(ask("GET", "/users/" + id, admin, null))).isEqualTo(json(added));
    assertThat(json(ask("PUT", "/users/" + id + "/roles", admin, "{\"roles\":[\"ops\"]}")))
        .isEqualTo(Map.of("roles", List.of("ops")));
    assertThat(json(ask("GET", "/users/" + id + "/roles", admin, null)))
        .isEqualTo(Map.of("roles", List.of("ops")));
    String bob = accessToken("bob@example.com");
    assertThat(json(ask("PATCH", "/users/" + id, admin, "{\"disabled\":true}")))
        .containsEntry("disabled", true);
    assertThat(fixture.accounts.examine(bob).bearer()).isNull();
    assertThat(ask("DELETE", "/users/" + id, admin, null).status()).isEqualTo(204);
    assertThat(ask("GET", "/users/" + id, admin, null).status()).isEqualTo(404);
    assertThat(fixture.audit.events())
        .filteredOn(event -> event.info().verb().equals("delete"))
        .allSatisfy(
            event -> {
              assertThat(event.user().username()).isEqualTo("local:admin@example.com");
              assertThat(event.info().name()).isEqualTo(id);
            })
        .hasSize(2);
  }

  @Test
  void usersAreListedInPages() throws Exception {
    for (int i = 0; i < 3; i++) {
      fixture.user("user" + i + "@example.com");
    }
    Map<String, Object> first = json(ask("GET", "/users?limit=3", admin, null));
    assertThat((List<?>) first.get("items")).hasSize(3);
    Map<String, Object> rest =
        json(ask("GET", "/users?limit=3&after=" + first.get("next"), admin, null));
    assertThat((List<?>) rest.get("items")).hasSize(2);
    assertThat(rest).doesNotContainKey("next");
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/users",
    "POST,/users",
    "GET,/users/1",
    "PATCH,/users/1",
    "DELETE,/users/1",
    "GET,/users/1/roles",
    "PUT,/users/1/roles",
    "POST,/auth/keys"
  })
  void onlyAdministratorsAdminister(String method, String path) throws Exception {
    String user = accessToken("jane@example.com");
    fixture.audit.clear();
    assertThat(ask(method, path, user, "{}").status()).isEqualTo(403);
    assertThat(ask(method, path, null, "{}").status()).isEqualTo(401);
    assertThat(ask(method, path, "made-up", "{}").status()).isEqualTo(401);
    assertThat(fixture.audit.events())
        .extracting(AuditEvent::outcome)
        .filteredOn(AuditEvent.Outcome.REFUSED::equals)
        .hasSize(3);
  }

  @Test
  void administratorWhoLosesTheRoleAdministersNoMore() throws Exception {
    fixture.accounts.users().setRoles(jane.id(), List.of(LocalAccounts.ADMINISTRATOR));
    String user = accessToken("jane@example.com");
    assertThat(ask("GET", "/users", user, null).status()).isEqualTo(200);
    fixture.accounts.users().setRoles(jane.id(), List.of());
    assertThat(ask("GET", "/users", user, null).status()).isEqualTo(403);
  }

  @Test
  void lastAdministratorAndTakenNamesAreConflicts() throws Exception {
    String id =
        fixture.accounts.users().list().stream()
            .filter(user -> user.email().startsWith("admin"))
            .findFirst()
            .orElseThrow()
            .id();
    assertThat(ask("DELETE", "/users/" + id, admin, null).status()).isEqualTo(409);
    assertThat(ask("PATCH", "/users/" + id, admin, "{\"disabled\":true}").status()).isEqualTo(409);
    assertThat(ask("PATCH", "/users/" + id, admin, "{\"email\":\"jane@example.com\"}").status())
        .isEqualTo(409);
  }

  @Test
  void userChangesThePassword() throws Exception {
    String user = accessToken("jane@example.com");
    String change = "{\"password\":\"%s\",\"new_password\":\"another good one\"}";
    assertThat(ask("POST", "/auth/password", user, change.formatted("wrong")).status())
        .isEqualTo(401);
    assertThat(ask("POST", "/auth/password", user, change.formatted(PASSWORD)).status())
        .isEqualTo(204);
    assertThat(ask("POST", "/auth/login", null, login("jane@example.com", PASSWORD)).status())
        .isEqualTo(401);
  }

  @Test
  void guessesAreTurnedAwayWithATimeToWait() {
    RestAnswer answer = RestAnswer.nothing();
    for (int i = 0; i <= LocalAccountsBuilder.FAILURES_OF_ACCOUNT; i++) {
      answer = ask("POST", "/auth/login", null, login("jane@example.com", "wrong"));
    }
    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.headers()).containsEntry("retry-after", "60");
  }

  @Test
  void callsAreLimitedAndAFloodDoesNotFillTheRecord() {
    for (int i = 0; i < AccountPages.CALLS_PER_MINUTE + 500; i++) {
      ask("POST", "/auth/logout", null, "{\"refresh_token\":\"x\"}");
    }
    assertThat(ask("GET", "/users", admin, null).status()).isEqualTo(429);
    assertThat(ask("GET", "/auth/jwks", null, null).status()).isEqualTo(200);
    assertThat(fixture.audit.events())
        .hasSize(2 * AccountPages.CALLS_PER_MINUTE + 2)
        .filteredOn(event -> Integer.valueOf(429).equals(event.responseCode()))
        .hasSize(1);
    fixture.time.advance(Duration.ofMinutes(1));
    assertThat(ask("GET", "/users", admin, null).status()).isEqualTo(200);
  }

  @Test
  void signInsHaveALimitOfTheirOwn() {
    for (int i = 0; i < AccountPages.SIGN_INS_PER_MINUTE; i++) {
      ask("POST", "/auth/login", null, "{}");
    }
    assertThat(ask("POST", "/auth/login", null, login("jane@example.com", PASSWORD)).status())
        .isEqualTo(429);
    assertThat(ask("GET", "/users", admin, null).status()).isEqualTo(200);
  }

  @Test
  void whatCannotBeRecordedIsNotDone() {
    RestPages unrecorded = fixture.builder(new Forgetful(0)).build().pages();
    assertThat(
            catchThrowable(
                () ->
                    unrecorded.answer(
                        call("POST", "/auth/login", null, login("jane@example.com", PASSWORD)))))
        .isInstanceOf(OfflineException.class);
    assertThat(fixture.stores.sessions().listOf(jane.id())).isEmpty();
    assertThatThrownBy(() -> unrecorded.answer(call("DELETE", "/users/" + jane.id(), admin, null)))
        .isInstanceOf(OfflineException.class);
    assertThat(fixture.accounts.users().find(jane.id())).isPresent();
    assertThat(fixture.builder(new Forgetful(0)).build())
        .satisfies(
            other ->
                assertThat(other.makeFirstAdministrator("x@example.com"))
                    .as("there are users")
                    .isEmpty());
  }

  @Test
  void sessionWhoseBeginningIsNotRecordedEnds() {
    RestPages halfRecorded = fixture.builder(new Forgetful(1)).build().pages();
    RestAnswer answer =
        ask(halfRecorded, call("POST", "/auth/login", null, login("jane@example.com", PASSWORD)));
    assertThat(answer.status()).isEqualTo(503);
    assertThat(fixture.stores.sessions().listOf(jane.id())).isEmpty();
  }

  @Test
  void othersFindTheKeys() throws Exception {
    RestAnswer discovery = ask("GET", "/.well-known/openid-configuration", null, null);
    assertThat(json(discovery))
        .containsEntry("issuer", AccountsFixture.ISSUER)
        .containsEntry("jwks_uri", AccountsFixture.ISSUER + "/auth/jwks")
        .containsEntry("id_token_signing_alg_values_supported", List.of("RS256"));
    assertThat((List<?>) json(ask("GET", "/auth/jwks", null, null)).get("keys")).hasSize(1);
    assertThat(ask("POST", "/auth/keys", admin, null).status()).isEqualTo(204);
    RestAnswer jwks = ask("GET", "/auth/jwks", null, null);
    assertThat((List<?>) json(jwks).get("keys")).hasSize(2);
    assertThat(jwks.headers()).containsEntry("cache-control", "public, max-age=300");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/auth/login", "/auth/refresh", "/users"})
  void bodiesOfFormsAreNotTaken(String path) {
    RestCall form =
        new RestCall(
            "POST",
            RequestTarget.parse(path),
            "application/x-www-form-urlencoded",
            "a=b".getBytes(StandardCharsets.UTF_8),
            BearerToken.of(admin),
            "",
            "",
            () -> {
              throw new AssertionError();
            });
    assertThat(ask(pages, form).status()).isEqualTo(415);
  }
}
