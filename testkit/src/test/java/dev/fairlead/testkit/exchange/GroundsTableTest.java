package dev.fairlead.testkit.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.api.store.AgentStore.StoredAgent;
import dev.fairlead.api.store.Stores;
import dev.fairlead.core.apikey.ApiKeyOrder;
import dev.fairlead.core.apikey.IssuedApiKey;
import dev.fairlead.core.authorization.Binding;
import dev.fairlead.core.authorization.ReloadableRoles;
import dev.fairlead.core.authorization.Roles;
import dev.fairlead.core.authorization.Rule;
import dev.fairlead.core.exchange.Caller;
import dev.fairlead.core.grounds.GroundsFeed;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.request.ClusterRequest;
import dev.fairlead.core.request.RequestTarget;
import dev.fairlead.core.store.MemoryStores;
import dev.fairlead.core.tunnel.Switching;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a stream stands on, and whatever it is: it ends with the first, and it is said why. */
class GroundsTableTest {

  private static final ClusterName DEV = ClusterName.of("dev");
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final String POD = "/api/v1/namespaces/x/pods/p";

  /** What runs. */
  enum Running {
    WATCH("GET", FleetFixture.PODS + "?watch=1", null),
    LOGS("GET", POD + "/log?follow=true", null),
    EXEC("POST", POD + "/exec?command=sh&stdin=true&stdout=true", "SPDY/3.1"),
    EXEC_OVER_WEBSOCKET("GET", POD + "/exec?command=sh&stdin=true&stdout=true", "websocket"),
    ATTACH("POST", POD + "/attach?stdin=true&stdout=true", "SPDY/3.1"),
    PORT_FORWARD("POST", POD + "/portforward?ports=80", "SPDY/3.1");

    final String method;
    final String path;
    final String upgrade;

    Running(String method, String path, String upgrade) {
      this.method = method;
      this.path = path;
      this.upgrade = upgrade;
    }
  }

  /** What ends, and what the audit record says of it. */
  enum Ground {
    TOKEN_EXPIRED("the credential expired at"),
    USER_DISABLED("the user was disabled"),
    BINDING_REMOVED("it is allowed no more"),
    ROLE_CHANGED("it is allowed no more"),
    BINDING_EXPIRED("a rule ended at"),
    LABELS_CHANGED("labels were changed"),
    KEY_REVOKED("the API key was revoked"),
    KEY_OWNER_GONE("the API key was revoked"),
    CLUSTER_REMOVED("cluster dev was removed from the fleet"),
    AGENT_REVOKED("agent a1 was revoked");

    final String reason;

    Ground(String reason) {
      this.reason = reason;
    }
  }

  static Stream<Arguments> table() {
    return Arrays.stream(Ground.values())
        .flatMap(
            ground ->
                Arrays.stream(Running.values()).map(running -> Arguments.of(ground, running)));
  }

  private final Stores stores = MemoryStores.create();
  private final GroundsFeed directory = new GroundsFeed();
  private final ReloadableRoles roles = ReloadableRoles.of(Roles.builder().build());
  private FleetFixture fixture;
  private FleetAgent agent;
  private FleetAgent other;
  private IssuedApiKey key;
  private Instant end;

  @BeforeEach
  void start() throws Exception {
    fixture = new FleetFixture(builder -> builder.stores(stores).grounds(directory).grounds(roles));
    fixture.authorizer = roles::authorize;
    end = fixture.time.instant().plus(SOON);
    fixture.hub.fleet().issueInstallToken(DEV, Map.of("env", "dev"), Duration.ofHours(1));
    roles.replace(
        Roles.builder().role("r", everything("env=dev")).bindUsers("r", "alice", "bob").build());
    stores.agents().add(new StoredAgent("a1", DEV, Instant.MAX, false));
    agent = fixture.agent("a1");
    key = fixture.hub.apiKeys().issue(ApiKeyOrder.forUser(Identity.user("alice")));
  }

  @AfterEach
  void stop() {
    agent.close();
    if (other != null) {
      other.close();
    }
    fixture.close();
  }

  @ParameterizedTest(name = "{0} × {1}")
  @MethodSource("table")
  void endsWithinFiveSecondsAndSaysWhy(Ground ground, Running running) throws Exception {
    if (ground == Ground.BINDING_EXPIRED) {
      roles.replace(
          Roles.builder()
              .role("r", everything("env=dev"))
              .bind(new Binding("r", List.of("alice"), List.of()).until(end))
              .bindUsers("r", "bob")
              .build());
    }
    UserStream stream = ask(running, caller(ground));
    FleetAgent.Taken taken = agent.next();
    begin(running, taken);
    assertThat(stream.status()).isEqualTo(running.upgrade == null ? 200 : 101);

    strike(ground);
    fixture.time.advance(SOON);

    switch (running) {
      case WATCH ->
          assertThat(stream.answer())
              .startsWith("{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\"")
              .contains("\"status\":\"Failure\"", "ended by the hub: ", ground.reason)
              .endsWith("}\n");
      case EXEC_OVER_WEBSOCKET -> assertThat(stream.answer()).contains("ended by the hub: ");
      default -> {
        UserStream.within(stream.reset);
        assertThat(stream.body).as("must not look complete").isNotDone();
      }
    }
    fixture.awaitEnded(1);
    List<AuditEvent> last =
        fixture.audit.events().stream()
            .filter(event -> event.stage() == AuditEvent.Stage.RESPONSE_COMPLETE)
            .filter(event -> !event.method().isEmpty())
            .toList();
    assertThat(last).hasSize(1);
    assertThat(last.get(0).annotations().get("fairlead.dev/revoked")).contains(ground.reason);
    assertThat(last.get(0).at()).isBeforeOrEqualTo(end);
  }

  private Caller caller(Ground ground) {
    if (ground == Ground.KEY_REVOKED || ground == Ground.KEY_OWNER_GONE) {
      BearerToken token = key.token();
      Authentication.Authenticated found =
          (Authentication.Authenticated)
              UserStream.within(
                  fixture.hub.authenticator().authenticate(token).toCompletableFuture());
      return new Caller(
          found.identity(), found.credentialId(), found.expiresAt(), found.scope(), "", "");
    }
    Instant expiresAt = ground == Ground.TOKEN_EXPIRED ? end : null;
    return new Caller(Identity.user("alice"), "t", expiresAt, "", "");
  }

  private void strike(Ground ground) {
    switch (ground) {
      case TOKEN_EXPIRED, BINDING_EXPIRED -> {}
      case USER_DISABLED -> directory.userRevoked("alice", "the user was disabled");
      case BINDING_REMOVED ->
          roles.replace(
              Roles.builder().role("r", everything("env=dev")).bindUsers("r", "bob").build());
      case ROLE_CHANGED ->
          roles.replace(
              Roles.builder()
                  .role("r", everything("env=other"))
                  .bindUsers("r", "alice", "bob")
                  .build());
      case LABELS_CHANGED ->
          fixture.hub.fleet().issueInstallToken(DEV, Map.of("env", "prod"), Duration.ofHours(1));
      case KEY_REVOKED -> fixture.hub.apiKeys().revoke(key.info().id());
      case KEY_OWNER_GONE -> fixture.hub.apiKeys().revokeAllOf("alice");
      case CLUSTER_REMOVED -> fixture.hub.fleet().remove(DEV);
      case AGENT_REVOKED -> fixture.hub.fleet().revokeAgent("a1");
    }
  }

  @ParameterizedTest
  @MethodSource("others")
  void whatStandsOnSomethingElseGoesOn(Ground ground) throws Exception {
    // Bob, with a credential of his own.
    UserStream stream = ask(Running.WATCH, new Caller(Identity.user("bob"), "b", "", ""));
    begin(Running.WATCH, agent.next());
    assertThat(stream.status()).isEqualTo(200);
    if (ground == Ground.AGENT_REVOKED) {
      stores.agents().add(new StoredAgent("a2", DEV, Instant.MAX, false));
      other = fixture.agent("a2");
      fixture.hub.fleet().revokeAgent("a2");
      UserStream.within(other.closed);
    } else {
      strike(ground);
    }
    assertThat(ask(Running.WATCH, new Caller(Identity.user("nobody"), "n", "", "")).status())
        .isEqualTo(403);
    assertThat(stream.reset).isNotDone();
    assertThat(stream.body).isNotDone();
  }

  static Stream<Ground> others() {
    return Stream.of(
        Ground.USER_DISABLED,
        Ground.BINDING_REMOVED,
        Ground.KEY_REVOKED,
        Ground.KEY_OWNER_GONE,
        Ground.AGENT_REVOKED);
  }

  private static void begin(Running running, FleetAgent.Taken taken) {
    if (running == Running.WATCH) {
      taken.stream()
          .sendHead(Heads.create().status("200").set("content-type", "application/json"), false);
    } else if (running.upgrade == null) {
      taken.begin();
    } else {
      taken.stream().sendHead(Switching.encode(Heads.create(), running.upgrade), false);
    }
  }

  private static Rule[] everything(String selector) {
    return new Rule[] {
      Rule.builder()
          .clusterSelector(selector)
          .namespaces("*")
          .apiGroups("*")
          .resources("*")
          .verbs("*")
          .build()
    };
  }

  private UserStream ask(Running running, Caller caller) {
    UserStream stream = new UserStream(fixture.loops.next());
    Http2Headers head =
        Heads.create().method(running.method).path(running.path).scheme("https").authority("hub");
    if (running.upgrade != null) {
      head.set(Heads.PROTOCOL, running.upgrade);
    }
    fixture
        .hub
        .exchanges()
        .serve(
            stream,
            head,
            running.upgrade == null,
            new ClusterRequest(DEV, RequestTarget.parse(running.path)),
            caller);
    return stream;
  }
}
