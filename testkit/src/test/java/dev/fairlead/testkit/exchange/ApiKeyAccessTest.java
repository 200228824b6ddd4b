package dev.fairlead.testkit.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.core.apikey.ApiKeyOrder;
import dev.fairlead.core.authorization.Condition;
import dev.fairlead.core.authorization.ReloadableRoles;
import dev.fairlead.core.authorization.Roles;
import dev.fairlead.core.authorization.Rule;
import dev.fairlead.core.authorization.Scope;
import dev.fairlead.core.exchange.Caller;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.Reset;
import dev.fairlead.core.request.ClusterRequest;
import dev.fairlead.core.request.RequestTarget;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A key does what both its owner's roles and its own scope allow, at any moment. */
class ApiKeyAccessTest {

  private static final String WATCH = FleetFixture.PODS + "?watch=1";

  private final ReloadableRoles roles = ReloadableRoles.of(may("alice", "get", "list", "watch"));
  private FleetFixture fixture;
  private FleetAgent agent;

  @BeforeEach
  void start() throws Exception {
    fixture = new FleetFixture(builder -> builder.grounds(roles));
    fixture.authorizer = roles::authorize;
    agent = fixture.agent("a1");
  }

  @AfterEach
  void stop() {
    agent.close();
    fixture.close();
  }

  @Test
  void scopeNarrowsWhatTheOwnerMayDo() throws Exception {
    Caller caller = caller(Scope.of(List.of(pods("list").build())));
    UserStream list = ask(caller, FleetFixture.PODS, head());
    agent.next().answer("list");
    assertThat(list.answer()).isEqualTo("list");
    UserStream watch = ask(caller, WATCH, head());
    assertThat(watch.status()).isEqualTo(403);
    assertThat(watch.answer()).contains("outside of the credential's scope");
    assertThat(agent.count).hasValue(1);
  }

  @Test
  void scopeWidensNothing() throws Exception {
    Caller caller = caller(Scope.of(List.of(pods("*").resources("*").build())));
    UserStream secrets = ask(caller, "/api/v1/namespaces/x/secrets", head());
    assertThat(secrets.status()).isEqualTo(403);
    assertThat(secrets.answer()).doesNotContain("scope");
    assertThat(agent.count).hasValue(0);
  }

  @Test
  void keyShrinksWithItsOwner() throws Exception {
    Caller caller = caller(Scope.of(List.of(pods("list", "watch").build())));
    UserStream watch = ask(caller, WATCH, head());
    agent.next().begin();
    assertThat(watch.status()).isEqualTo(200);
    roles.replace(may("alice", "get"));
    assertThat(UserStream.within(watch.reset)).isEqualTo(Reset.CANCEL);
    assertThat(ask(caller, WATCH, head()).status()).isEqualTo(403);
  }

  @Test
  void conditionOfTheScopeEndsWhatRuns() throws Exception {
    Condition firstMinute = Condition.NONE.during("UTC", "00:00-00:01");
    Caller caller = caller(Scope.of(List.of(pods("watch").when(firstMinute).build())));
    fixture.time.advance(Duration.ofSeconds(4));
    UserStream watch = ask(caller, WATCH, head());
    agent.next().begin();
    assertThat(watch.status()).isEqualTo(200);
    for (int second = 4; second < 60; second += 2) {
      assertThat(watch.reset).isNotDone();
      // A sign of life, as the tunnel would else be given up.
      UserStream pulse = ask(caller(null), FleetFixture.PODS, head());
      agent.next().answer("list");
      assertThat(pulse.answer()).isEqualTo("list");
      fixture.time.advance(Duration.ofSeconds(2));
    }
    assertThat(UserStream.within(watch.reset)).isEqualTo(Reset.CANCEL);
  }

  @Test
  void keyActsAsOthersOnlyIfItsScopeSaysSo() throws Exception {
    roles.replace(
        Roles.builder()
            .role("r", pods("list").build(), impersonating("bob"))
            .bindUsers("r", "alice", "bob")
            .build());
    UserStream refused =
        ask(
            caller(Scope.of(List.of(pods("*").resources("*").build()))),
            FleetFixture.PODS,
            head().add("impersonate-user", "bob"));
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.answer()).contains("may not impersonate");
    UserStream taken =
        ask(
            caller(Scope.of(List.of(pods("list").build(), impersonating("bob")))),
            FleetFixture.PODS,
            head().add("impersonate-user", "bob"));
    agent.next().answer("list");
    assertThat(taken.answer()).isEqualTo("list");
    UserStream beyond =
        ask(
            caller(Scope.of(List.of(impersonating("bob")))),
            FleetFixture.PODS,
            head().add("impersonate-user", "bob"));
    assertThat(beyond.status()).isEqualTo(403);
  }

  private static Rule impersonating(String user) {
    return Rule.builder()
        .clusters("*")
        .namespaces("*")
        .apiGroups("")
        .resources("users")
        .resourceNames(user)
        .verbs("impersonate")
        .build();
  }

  private static Rule.Builder pods(String... verbs) {
    return Rule.builder()
        .clusters("*")
        .namespaces("*")
        .apiGroups("")
        .resources("pods")
        .verbs(verbs);
  }

  private static Roles may(String user, String... verbs) {
    return Roles.builder().role("r", pods(verbs).build()).bindUsers("r", user).build();
  }

  private Caller caller(Scope scope) throws Exception {
    ApiKeyOrder order = ApiKeyOrder.forUser(Identity.user("alice"));
    BearerToken token =
        fixture.hub.apiKeys().issue(scope == null ? order : order.limitedTo(scope)).token();
    Authentication.Authenticated found =
        (Authentication.Authenticated)
            UserStream.within(
                fixture.hub.authenticator().authenticate(token).toCompletableFuture());
    return new Caller(
        found.identity(), found.credentialId(), found.expiresAt(), found.scope(), "", "");
  }

  private static Http2Headers head() {
    return Heads.create().method("GET").scheme("https").authority("hub");
  }

  private UserStream ask(Caller caller, String path, Http2Headers head) {
    UserStream stream = new UserStream(fixture.loops.next());
    fixture
        .hub
        .exchanges()
        .serve(
            stream,
            head.path(path),
            true,
            new ClusterRequest(ClusterName.of("dev"), RequestTarget.parse(path)),
            caller);
    return stream;
  }
}
