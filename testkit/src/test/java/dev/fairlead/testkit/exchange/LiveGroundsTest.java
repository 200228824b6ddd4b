package dev.fairlead.testkit.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.auth.Authentication;
import dev.fairlead.core.apikey.ApiKeyOrder;
import dev.fairlead.core.apikey.IssuedApiKey;
import dev.fairlead.core.authorization.Binding;
import dev.fairlead.core.authorization.Condition;
import dev.fairlead.core.authorization.ReloadableRoles;
import dev.fairlead.core.authorization.Roles;
import dev.fairlead.core.authorization.Rule;
import dev.fairlead.core.exchange.Caller;
import dev.fairlead.core.grounds.GroundsFeed;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.Reset;
import dev.fairlead.core.request.ClusterRequest;
import dev.fairlead.core.request.RequestTarget;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What runs ends when what it stands on does, and acts as whom its caller may act as. */
class LiveGroundsTest {

  private static final String WATCH = FleetFixture.PODS + "?watch=1";

  private final ReloadableRoles roles = ReloadableRoles.of(podsFor("alice", "bob"));
  private final GroundsFeed directory = new GroundsFeed();
  private FleetFixture fixture;
  private FleetAgent agent;

  @BeforeEach
  void start() throws Exception {
    fixture = new FleetFixture(builder -> builder.grounds(directory).grounds(roles));
    fixture.authorizer = roles::authorize;
    agent = fixture.agent("a1");
  }

  @AfterEach
  void stop() {
    agent.close();
    fixture.close();
  }

  @Test
  void expiredCredentialEndsWhatRunsOnItAndNothingElse() throws Exception {
    Instant end = fixture.time.instant().plusSeconds(6);
    UserStream one = watch(caller("alice", "t1", end));
    UserStream two = watch(caller("alice", "t1", end));
    UserStream later = watch(caller("alice", "t2", end.plusSeconds(6)));
    UserStream forever = watch(caller("bob", "t3", null));
    int timers = fixture.time.scheduled();
    UserStream third = watch(caller("alice", "t1", end));
    assertThat(fixture.time.scheduled()).as("one timer per credential").isEqualTo(timers);

    fixture.time.advance(Duration.ofSeconds(5));
    assertRunning(one, two, third, later, forever);
    fixture.time.advance(Duration.ofSeconds(1));
    for (UserStream ended : List.of(one, two, third)) {
      assertThat(UserStream.within(ended.reset)).isEqualTo(Reset.CANCEL);
      assertThat(ended.body).isNotDone();
    }
    assertRunning(later, forever);
    fixture.awaitEnded(3);
    assertThat(revoked()).containsOnly("the credential expired at " + end).hasSize(3);
  }

  @Test
  void finishedRequestLeavesNoTimer() throws Exception {
    int timers = fixture.time.scheduled();
    UserStream stream =
        ask(caller("alice", "t", fixture.time.instant().plusSeconds(60)), FleetFixture.PODS);
    agent.next().answer("list");
    assertThat(stream.answer()).isEqualTo("list");
    fixture.awaitEnded(1);
    assertThat(fixture.time.scheduled()).isEqualTo(timers);
  }

  @Test
  void revokedApiKeyEndsWhatRunsOnIt() throws Exception {
    IssuedApiKey issued = fixture.hub.apiKeys().issue(ApiKeyOrder.forUser(Identity.user("alice")));
    Authentication.Authenticated found =
        (Authentication.Authenticated)
            UserStream.within(
                fixture.hub.authenticator().authenticate(issued.token()).toCompletableFuture());
    UserStream watch = watch(caller("alice", found.credentialId(), null));
    UserStream other = watch(caller("alice", "other", null));
    fixture.hub.apiKeys().revoke(issued.info().id());
    assertThat(UserStream.within(watch.reset)).isEqualTo(Reset.CANCEL);
    assertRunning(other);
    fixture.awaitEnded(1);
    assertThat(revoked()).containsExactly("the API key was revoked");
  }

  @Test
  void disabledUserLosesEverythingAndSoDoesARequestThatJustComesIn() throws Exception {
    UserStream alice = watch(caller("alice", "t1", null));
    UserStream bob = watch(caller("bob", "t2", null));
    directory.userRevoked("alice", "the user was disabled");
    assertThat(UserStream.within(alice.reset)).isEqualTo(Reset.CANCEL);
    assertRunning(bob);
    int before = agent.count.get();
    UserStream late = ask(caller("alice", "t3", null), WATCH);
    assertThat(late.status()).isEqualTo(401);
    assertThat(late.answer()).contains("the user was disabled");
    assertThat(agent.count).hasValue(before);
    fixture.time.advance(Duration.ofSeconds(5));
    assertRunning(watch(caller("alice", "t4", null)));
  }

  @Test
  void rolesThatChangeEndOnlyWhatTheyNoLongerAllow() throws Exception {
    UserStream alice = watch(caller("alice", "t1", null));
    UserStream bob = watch(caller("bob", "t2", null));
    roles.replace(podsFor("bob"));
    assertThat(UserStream.within(alice.reset)).isEqualTo(Reset.CANCEL);
    assertRunning(bob);
    fixture.awaitEnded(1);
    assertThat(revoked()).containsExactly("the roles were changed, and it is allowed no more");
    assertThat(ask(caller("alice", "t1", null), WATCH).status()).isEqualTo(403);
  }

  @Test
  void bindingsAndHoursEndWithoutAnybodyAsking() throws Exception {
    Rule inTheFirstMinute = pods().when(Condition.NONE.during("UTC", "00:00-00:01")).build();
    roles.replace(
        Roles.builder()
            .role("r", pods().build())
            .role("minute", inTheFirstMinute)
            .bind(
                new Binding("r", List.of("alice"), List.of())
                    .until(fixture.time.instant().plusSeconds(6)))
            .bindUsers("minute", "bob")
            .bindUsers("r", "pulse")
            .build());
    UserStream alice = watch(caller("alice", "t1", null));
    UserStream bob = watch(caller("bob", "t2", null));
    fixture.time.advance(Duration.ofSeconds(5));
    assertRunning(alice, bob);
    fixture.time.advance(Duration.ofSeconds(1));
    assertThat(UserStream.within(alice.reset)).isEqualTo(Reset.CANCEL);
    for (int second = 6; second < 58; second += 2) {
      fixture.time.advance(Duration.ofSeconds(2));
      // A sign of life, as the tunnel would else be given up.
      UserStream pulse = ask(caller("pulse", "t3", null), FleetFixture.PODS);
      agent.next().answer("list");
      assertThat(pulse.answer()).isEqualTo("list");
    }
    assertRunning(bob);
    fixture.time.advance(Duration.ofSeconds(2));
    assertThat(UserStream.within(bob.reset)).isEqualTo(Reset.CANCEL);
  }

  @Test
  void labelsThatChangeAreAskedFor() throws Exception {
    ClusterName dev = ClusterName.of("dev");
    fixture.hub.fleet().issueInstallToken(dev, Map.of("env", "dev"), Duration.ofHours(1));
    roles.replace(
        Roles.builder()
            .role("r", pods().clusters().clusterSelector("env=dev").build())
            .bindUsers("r", "alice")
            .build());
    UserStream alice = watch(caller("alice", "t1", null));
    fixture.hub.fleet().issueInstallToken(dev, Map.of("env", "prod"), Duration.ofHours(1));
    assertThat(UserStream.within(alice.reset)).isEqualTo(Reset.CANCEL);
  }

  @Test
  void removedClusterEndsEverythingOnIt() throws Exception {
    UserStream alice = watch(caller("alice", "t1", null));
    fixture.hub.fleet().remove(ClusterName.of("dev"));
    assertThat(UserStream.within(alice.reset)).isNotNull();
    fixture.awaitEnded(1);
    assertThat(revoked()).containsExactly("cluster dev was removed from the fleet");
  }

  @Test
  void callerWithTheRightActsAsAnotherAndIsRecordedBesideThem() throws Exception {
    roles.replace(impersonators("alice", "ops"));
    UserStream stream =
        ask(
            caller("root", "t", null),
            FleetFixture.PODS,
            head().add("impersonate-user", "alice").add("impersonate-group", "ops"));
    FleetAgent.Taken taken = agent.next();
    assertThat(taken.head().identity()).isEqualTo(Identity.user("alice").inGroups("ops"));
    assertThat(taken.head().head().names()).noneMatch(n -> n.toString().startsWith("impersonate"));
    taken.answer("list");
    assertThat(stream.answer()).isEqualTo("list");
    fixture.awaitEnded(1);
    assertThat(fixture.audit.events())
        .filteredOn(event -> !event.method().isEmpty())
        .isNotEmpty()
        .allSatisfy(
            event -> {
              assertThat(event.user()).isEqualTo(Identity.user("root"));
              assertThat(event.impersonatedUser())
                  .isEqualTo(Identity.user("alice").inGroups("ops"));
            });
  }

  @Test
  void everyPartOfWhoIsActedAsHasToBeAllowed() {
    roles.replace(impersonators("alice", "ops"));
    Caller root = caller("root", "t", null);
    for (Http2Headers head :
        List.of(
            head().add("impersonate-user", "bob"),
            head().add("impersonate-user", "alice").add("impersonate-group", "other"),
            head().add("impersonate-user", "alice").add("impersonate-uid", "1"),
            head().add("impersonate-user", "alice").add("impersonate-extra-scopes", "all"))) {
      UserStream stream = ask(root, FleetFixture.PODS, head);
      assertThat(stream.status()).isEqualTo(403);
      assertThat(stream.answer()).contains("\\\"root\\\" may not impersonate");
    }
    // Whom one acts as has to have the right to what is asked, whatever oneself may do.
    assertThat(ask(root, "/api/v1/secrets", head().add("impersonate-user", "alice")).status())
        .isEqualTo(403);
    assertThat(agent.count).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "impersonate-user=system:admin",
        "impersonate-user=system:serviceaccount:kube-system:x",
        "impersonate-user=alice|impersonate-group=system:masters",
        "impersonate-group=ops",
        "impersonate-user=alice|impersonate-user=bob",
        "impersonate-user=alice|impersonate-uid=1|impersonate-uid=2",
        "impersonate-user=alice|impersonate-foo=x",
        "impersonate-user=alice|impersonate-extra-=x",
        "impersonate-user=alice|impersonate-extra-%zz=x",
        "impersonate_user=alice",
        "impersonate-user=",
        "impersonate-user= alice",
        "impersonate-user=al\u00efce",
      })
  void nobodyActsAsThose(String fields) {
    Rule anybody =
        Rule.builder()
            .clusters("*")
            .namespaces("*")
            .apiGroups("*")
            .resources("*")
            .verbs("impersonate", "*")
            .build();
    roles.replace(Roles.builder().role("r", anybody).bindUsers("r", "root", "alice").build());
    Http2Headers head = head();
    for (String field : fields.split("\\|")) {
      int equals = field.indexOf('=');
      head.add(field.substring(0, equals), field.substring(equals + 1));
    }
    UserStream stream = ask(caller("root", "t", null), FleetFixture.PODS, head);
    assertThat(stream.status()).isEqualTo(403);
    assertThat(stream.answer()).contains("may not impersonate");
    assertThat(agent.count).hasValue(0);
  }

  @Test
  void rightToActAsAnotherIsAGroundToo() throws Exception {
    roles.replace(impersonators("alice", "ops"));
    UserStream stream =
        ask(caller("root", "t", null), WATCH, head().add("impersonate-user", "alice"));
    agent.next().begin();
    assertThat(stream.status()).isEqualTo(200);
    roles.replace(podsFor("alice"));
    assertThat(UserStream.within(stream.reset)).isEqualTo(Reset.CANCEL);
  }

  private static Roles impersonators(String user, String group) {
    Rule.Builder rule =
        Rule.builder().clusters("*").namespaces("*").apiGroups("").verbs("impersonate");
    return Roles.builder()
        .role("reader", pods().build())
        .role(
            "impersonator",
            rule.resources("users").resourceNames(user).build(),
            rule.resources("groups").resourceNames(group).build())
        .bindUsers("reader", user)
        .bindUsers("impersonator", "root")
        .build();
  }

  private static Rule.Builder pods() {
    return Rule.builder()
        .clusters("*")
        .namespaces("*")
        .apiGroups("")
        .resources("pods")
        .verbs("get", "list", "watch");
  }

  private static Roles podsFor(String... users) {
    return Roles.builder().role("r", pods().build()).bindUsers("r", users).build();
  }

  private static Caller caller(String user, String credential, Instant expiresAt) {
    return new Caller(Identity.user(user), credential, expiresAt, "", "");
  }

  private static Http2Headers head() {
    return Heads.create().method("GET").scheme("https").authority("hub");
  }

  private UserStream watch(Caller caller) throws InterruptedException {
    UserStream stream = ask(caller, WATCH);
    agent.next().begin();
    assertThat(stream.status()).isEqualTo(200);
    return stream;
  }

  private UserStream ask(Caller caller, String path) {
    return ask(caller, path, head());
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

  private static void assertRunning(UserStream... streams) {
    for (UserStream stream : streams) {
      assertThat(stream.reset).isNotDone();
      assertThat(stream.body).isNotDone();
    }
  }

  private List<String> revoked() {
    return fixture.audit.events().stream()
        .filter(event -> event.stage() == AuditEvent.Stage.RESPONSE_COMPLETE)
        .filter(event -> !event.method().isEmpty())
        .map(event -> event.annotations().get("fairlead.dev/revoked"))
        .toList();
  }
}
