package dev.fairlead.core.administration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.FairleadException;
import dev.fairlead.api.Identity;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.NotFoundException;
import dev.fairlead.api.UnauthenticatedException;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.Authorizer;
import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.core.apikey.ApiKeyOrder;
import dev.fairlead.core.authorization.ReloadableRoles;
import dev.fairlead.core.authorization.Roles;
import dev.fairlead.core.authorization.Rule;
import dev.fairlead.core.authorization.Scope;
import dev.fairlead.core.door.RestAnswer;
import dev.fairlead.core.door.RestCall;
import dev.fairlead.core.door.RestProblemException;
import dev.fairlead.core.exchange.Caller;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.core.memory.InMemoryTransport;
import dev.fairlead.core.request.RequestTarget;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdministrationPagesTest {

  private static final Identity ROOT = Identity.user("root").inGroups("ops");
  private static final Identity JANE = Identity.user("jane").inGroups("dev");
  private static final String ROLES =
      """
      {"roles": [{"name": "r", "rules": [
        {"clusters": ["dev"], "namespaces": ["*"], "apiGroups": [""], "resources": ["pods"],
         "verbs": ["get", "list"]}]}],
       "bindings": [{"role": "r", "users": ["jane"]}]}
      """;

  @TempDir Path directory;
  private final Recording audit = new Recording();
  private Path file;
  private ReloadableRoles roles;
  private FairleadHub hub;
  private AdministrationPages pages;

  /** Keeps events, unless it is full. */
  private static final class Recording implements AuditSink {
    final List<AuditEvent> events = new ArrayList<>();
    boolean full;

    @Override
    public CompletionStage<Void> append(AuditEvent event) {
      if (full) {
        return CompletableFuture.failedStage(new IllegalStateException("full"));
      }
      events.add(event);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void close() {}
  }

  @BeforeEach
  void start() throws Exception {
    file = directory.resolve("roles.yaml");
    Files.writeString(file, ROLES);
    roles = ReloadableRoles.load(file);
    hub =
        FairleadHub.builder()
            .transport(InMemoryTransport.create().hub())
            .authorizer(roles)
            .audit(audit)
            .keepInMemory()
            .drainFor(Duration.ZERO)
            .build();
    hub.start();
    pages = new AdministrationPages(hub, roles, audit, "ops");
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  private static Caller caller(Identity who, Authorizer scope) {
    return new Caller(who, "test", null, scope, "", "");
  }

  private RestAnswer ask(Caller caller, String method, String path, String body, String ifMatch) {
    RestCall call =
        new RestCall(
                method,
                RequestTarget.parse(path),
                "application/json",
                body.getBytes(StandardCharsets.UTF_8),
                null,
                "192.0.2.1",
                "test",
                () -> caller)
            .ifMatching(ifMatch);
    try {
      return pages.answer(call);
    } catch (RestProblemException e) {
      return e.answer();
    } catch (FairleadException e) {
      return RestAnswer.problem(e);
    }
  }

  private RestAnswer root(String method, String path, String body) {
    return ask(caller(ROOT, null), method, path, body, null);
  }

  private RestAnswer jane(String method, String path, String body) {
    return ask(caller(JANE, null), method, path, body, null);
  }

  private RestAnswer put(String body, String ifMatch) {
    return ask(caller(ROOT, null), "PUT", "/roles", body, ifMatch);
  }

  private String etag() {
    return root("GET", "/roles", "").headers().get("etag");
  }

  private static String text(RestAnswer answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private static String field(RestAnswer answer, String name) {
    Matcher found = Pattern.compile('"' + name + "\":\"([^\"]*)\"").matcher(text(answer));
    assertThat(found.find()).as(text(answer)).isTrue();
    return found.group(1);
  }

  @Test
  void rolesGoOutAndInInTheShapeOfTheirFile() {
    RestAnswer got = root("GET", "/roles", "");
    assertThat(got.status()).isEqualTo(200);
    assertThat(Roles.parse(text(got), "got").toMap()).isEqualTo(roles.current().toMap());
    RestAnswer put = put(text(got).replace("\"jane\"", "\"jane\",\"bob\""), etag());
    assertThat(put.status()).isEqualTo(200);
    assertThat(text(put)).isEqualTo("{\"findings\":[]}");
    assertThat(put.headers().get("etag")).isEqualTo(etag());
    assertThat(roles.current().bindings().get(0).users()).containsExactly("jane", "bob");
    assertThat(Roles.load(file).toMap()).isEqualTo(roles.current().toMap());
    assertThat(roles.reload()).as("its own change is no news").isFalse();
  }

  @Test
  void changeOfSomethingElseThanWasSeenIsRefused() throws Exception {
    String seen = etag();
    String other = ROLES.replace("jane", "bob");
    assertThat(put(other, null).status()).isEqualTo(428);
    assertThat(put(other, "\"0\"").status()).isEqualTo(412);
    assertThat(put(ROLES.replace("jane", "eve"), seen).status()).isEqualTo(200);
    assertThat(put(other, seen).status()).isEqualTo(412);
    assertThat(roles.current().bindings().get(0).users()).containsExactly("eve");
    // Somebody edits the file, and nobody has looked at it yet.
    Files.writeString(file, ROLES.replace("jane", "editor"));
    assertThat(put(other, etag()).status()).isEqualTo(412);
    assertThat(Files.readString(file)).contains("editor");
  }

  @Test
  void allMistakesAreToldAndNothingIsChanged() throws Exception {
    String before = Files.readString(file);
    RestAnswer refused =
        put(ROLES.replace("\"get\"", "\"fly\"").replace("\"role\": \"r\"", "\"role\": \"x\""), "*");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(text(refused))
        .contains("2 mistakes", "roles[0].rules[0].verbs[0]", "bindings[0].role", "line 3");
    assertThat(Files.readString(file)).isEqualTo(before);
    assertThat(put("not json", "*").status()).isEqualTo(400);
  }

  @Test
  void findingsOfTheLinterComeBack() {
    RestAnswer answer =
        put(
            ROLES.replace("[\"jane\"]", "[\"jane\"], \"expiresAt\": \"2020-01-01T00:00:00Z\""),
            "*");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(text(answer)).contains("\"key\":\"bindings[0]", "\"advice\":");
  }

  @Test
  void fileThatCannotBeReplacedIsAConflict() throws Exception {
    Files.createDirectories(directory.resolve("roles.yaml.tmp").resolve("in-the-way"));
    assertThat(put(ROLES.replace("jane", "bob"), "*").status()).isEqualTo(409);
    assertThat(roles.current().bindings().get(0).users()).containsExactly("jane");
  }

  @Test
  void explainsWhoMayDoWhat() {
    String question =
        """
        {"user": "jane", "groups": ["dev"], "cluster": "dev", "verb": "list",
         "resource": "pods", "namespace": "x"}
        """;
    assertThat(text(root("POST", "/roles/explain", question)))
        .contains("\"allowed\":true", "\"role\":\"r\"", "\"rule\":\"rules[0]\"");
    assertThat(text(root("POST", "/roles/explain", question.replace("list", "delete"))))
        .contains("\"allowed\":false", "\"nearest\":[{", "verbs");
    RestAnswer bad = root("POST", "/roles/explain", "{\"user\": 1, \"more\": true}");
    assertThat(bad.status()).isEqualTo(400);
    assertThat(text(bad))
        .contains("user:", "cluster:", "verb:", "resource and nonResourceURL", "1 unknown");
  }

  @ParameterizedTest
  @CsvSource({"GET, /roles", "PUT, /roles", "POST, /roles/explain", "GET, /api-keys?owner=root"})
  void nobodyElseAdministers(String method, String path) {
    assertThat(jane(method, path, ROLES).status()).isEqualTo(403);
    assertThat(audit.events.get(audit.events.size() - 1).outcome())
        .isEqualTo(AuditEvent.Outcome.REFUSED);
  }

  @Test
  void credentialWithAScopeIsGoodForNoneOfThis() {
    Scope all =
        Scope.of(
            List.of(
                Rule.builder()
                    .clusters("*")
                    .namespaces("*")
                    .apiGroups("*")
                    .resources("*")
                    .verbs("*")
                    .build()));
    Caller root = caller(ROOT, all);
    assertThat(ask(root, "GET", "/roles", "", null).status()).isEqualTo(403);
    assertThat(ask(root, "GET", "/api-keys", "", null).status()).isEqualTo(403);
    assertThat(ask(root, "POST", "/api-keys", "{}", null).status()).isEqualTo(403);
    assertThat(hub.apiKeys().list()).isEmpty();
  }

  @Test
  void personalKeyIsItsOwnersAndIsShownOnce() {
    RestAnswer tooLong =
        jane(
            "POST",
            "/api-keys",
            "{\"expiresAt\": \"2099-01-01T00:00:00Z\", \"scope\": {\"rules\": ["
                + "{\"clusters\": [\"dev\"], \"namespaces\": [\"x\"], \"apiGroups\": [\"\"],"
                + " \"resources\": [\"pods\"], \"verbs\": [\"list\"]}]}}");
    assertThat(tooLong.status()).isEqualTo(400);
    assertThat(text(tooLong)).contains("life of API key");
    RestAnswer issued = jane("POST", "/api-keys", "{\"description\": \"nightly\"}");
    assertThat(issued.status()).isEqualTo(201);
    String key = field(issued, "key");
    assertThat(hub.authenticator().authenticate(BearerToken.of(key)).toCompletableFuture().join())
        .isInstanceOfSatisfying(
            Authentication.Authenticated.class,
            found -> assertThat(found.identity()).isEqualTo(JANE));
    assertThat(text(jane("GET", "/api-keys", "")))
        .contains(field(issued, "id"), "\"description\":\"nightly\"")
        .doesNotContain(key);
    assertThat(audit.events.toString()).doesNotContain(key).contains(field(issued, "id"));
  }

  @Test
  void scopeOfANewKeyIsCheckedWhole() {
    RestAnswer refused =
        jane("POST", "/api-keys", "{\"scope\": {\"rules\": [{\"verbs\": [\"fly\"]}]}}");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(text(refused)).contains("rules[0].clusters", "rules[0].verbs[0]");
  }

  @Test
  void keysOfOthersAreNobodysBusiness() {
    String id = field(root("POST", "/api-keys", "{}"), "id");
    assertThat(text(jane("GET", "/api-keys", ""))).isEqualTo("{\"items\":[]}");
    assertThat(jane("DELETE", "/api-keys/" + id, "").status()).isEqualTo(404);
    assertThat(hub.apiKeys().list()).hasSize(1);
    String own = field(jane("POST", "/api-keys", "{}"), "id");
    assertThat(text(root("GET", "/api-keys", ""))).contains(id, own);
    assertThat(text(root("GET", "/api-keys?owner=jane", ""))).contains(own).doesNotContain(id);
    assertThat(jane("DELETE", "/api-keys/" + own, "").status()).isEqualTo(204);
    assertThat(root("DELETE", "/api-keys/" + id, "").status()).isEqualTo(204);
    assertThat(root("DELETE", "/api-keys/" + id, "").status()).isEqualTo(404);
  }

  @Test
  void onlyAdministratorsMakeKeysOfServices() {
    String order = "{\"service\": \"ci\", \"groups\": [\"robots\"]}";
    assertThat(jane("POST", "/api-keys", order).status()).isEqualTo(403);
    RestAnswer issued = root("POST", "/api-keys", order);
    assertThat(issued.status()).isEqualTo(201);
    assertThat(text(issued)).contains("\"username\":\"service:ci\"", "\"owner\":\"service\"");
    assertThat(root("POST", "/api-keys", "{\"groups\": [\"ops\"]}").status()).isEqualTo(400);
  }

  @Test
  void keyMakesNoFurtherPersonalKey() {
    Caller byKey = new Caller(JANE, "api-key/0123456789abcdef", "", "");
    assertThat(ask(byKey, "POST", "/api-keys", "{}", null).status()).isEqualTo(403);
    assertThat(hub.apiKeys().list()).isEmpty();
  }

  @Test
  void whatCannotBeRecordedIsNotDone() {
    audit.full = true;
    assertThat(put(ROLES.replace("jane", "bob"), "*").status()).isEqualTo(503);
    assertThat(jane("POST", "/api-keys", "{}").status()).isEqualTo(503);
    assertThat(roles.current().bindings().get(0).users()).containsExactly("jane");
    assertThat(hub.apiKeys().list()).isEmpty();
  }

  @Test
  void keysMadeFromJavaAreRecordedAndThoseMadeByPagesOnce() {
    String id = hub.apiKeys().issue(ApiKeyOrder.forService("ci")).info().id();
    hub.apiKeys().issue(ApiKeyOrder.forService("ci"));
    hub.apiKeys().revoke(id);
    hub.apiKeys().revokeAllOf("service:ci");
    assertThatThrownBy(() -> hub.apiKeys().revoke(id)).isInstanceOf(NotFoundException.class);
    List<AuditEvent> ends =
        audit.events.stream()
            .filter(event -> event.stage() == AuditEvent.Stage.RESPONSE_COMPLETE)
            .toList();
    assertThat(ends)
        .hasSize(5)
        .allSatisfy(event -> assertThat(event.info().resource()).isEqualTo("apikeys"))
        .extracting(event -> event.info().verb() + " " + event.responseCode())
        .containsExactly(
            "create 200", "create 200", "delete 200", "deletecollection 200", "delete 404");
    assertThat(ends.get(0).annotations())
        .containsEntry("fairlead.dev/api-key", id)
        .containsEntry("fairlead.dev/owner", "service:ci");
    assertThat(audit.events).hasSize(10);
    audit.events.clear();
    jane("POST", "/api-keys", "{}");
    assertThat(audit.events).hasSize(2);
    audit.full = true;
    assertThatThrownBy(() -> hub.apiKeys().issue(ApiKeyOrder.forService("ci")))
        .hasMessageContaining("not recorded");
    assertThatThrownBy(() -> hub.apiKeys().revokeAllOf("jane"))
        .hasMessageContaining("not recorded");
    assertThat(hub.apiKeys().list()).hasSize(1);
  }

  @Test
  void callsAreRecordedAsTheHubsOwn() {
    put(ROLES.replace("jane", "bob"), "*");
    List<AuditEvent> calls =
        audit.events.stream().filter(event -> !event.method().isEmpty()).toList();
    assertThat(calls)
        .extracting(AuditEvent::stage)
        .containsExactly(AuditEvent.Stage.REQUEST_RECEIVED, AuditEvent.Stage.RESPONSE_COMPLETE);
    AuditEvent last = calls.get(1);
    assertThat(last.info().apiGroup()).isEqualTo(AuditEvent.HUB_GROUP);
    assertThat(last.info().resource()).isEqualTo("roles");
    assertThat(last.info().verb()).isEqualTo("update");
    assertThat(last.user()).isEqualTo(ROOT);
    assertThat(last.responseCode()).isEqualTo(200);
    assertThat(last.annotations())
        .containsKeys("fairlead.dev/roles-before", "fairlead.dev/roles-after");
  }

  @Test
  void pathsAndMethodsBesideThoseAreRefused() {
    assertThat(root("DELETE", "/roles", "").status()).isEqualTo(405);
    assertThat(root("DELETE", "/roles", "").headers().get("allow")).isEqualTo("GET, PUT");
    assertThat(root("GET", "/roles/other", "").status()).isEqualTo(404);
    assertThat(root("GET", "/api-keys/x/y", "").status()).isEqualTo(404);
    assertThatThrownBy(() -> new AdministrationPages(hub, roles, audit, " "))
        .isInstanceOf(InvalidException.class);
  }

  @Test
  void whoIsUnknownGetsNoFurther() {
    RestCall call =
        new RestCall(
            "GET",
            RequestTarget.parse("/roles"),
            null,
            new byte[0],
            null,
            "",
            "",
            () -> {
              throw new UnauthenticatedException("no");
            });
    assertThatThrownBy(() -> pages.answer(call)).isInstanceOf(UnauthenticatedException.class);
  }
}
