package dev.fairlead.core.authorization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.RequestInfo;
import dev.fairlead.api.auth.AccessRequest;
import dev.fairlead.api.auth.Decision;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionsTest {

  private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.0.1, true",
    "10.0.0.0/8, 11.0.0.1, false",
    "10.0.0.0/8, ::ffff:10.0.0.1, true",
    "10.0.0.0/8, '', false",
    "10.0.0.0/8, not an address, false",
    "10.1.2.3, 10.1.2.3, true",
    "10.1.2.3, 10.1.2.4, false",
    "10.128.0.0/9, 10.127.255.255, false",
    "0.0.0.0/0, 1.2.3.4, true",
    "0.0.0.0/0, 2001:db8::1, false",
    "2001:db8::/33, 2001:db8:7fff::1, true",
    "2001:db8::/33, 2001:db8:8000::1, false",
    "::/0, 2001:db8::1, true",
    "::1, ::1, true",
    "::ffff:10.0.0.0/104, 10.9.9.9, true",
  })
  void networksTakeIpv4AndIpv6(String network, String from, boolean allowed) {
    assertThat(allows(Condition.from(network), request(NOON).from(from))).isEqualTo(allowed);
  }

  @Test
  void denialByNetworkCoversCallersWithoutAnAddress() {
    Roles roles =
        Roles.builder()
            .role("r", rule().build(), denial().when(Condition.from("10.0.0.0/8")).build())
            .bindUsers("r", "jane")
            .build();
    assertThat(allows(roles, request(NOON))).isFalse();
    assertThat(allows(roles, request(NOON).from("10.0.0.1"))).isFalse();
    assertThat(allows(roles, request(NOON).from("192.0.2.1"))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    // 2026-06-01 is a Monday; Berlin is two hours ahead of UTC then.
    "mon-fri 08:00-18:00, 2026-06-01T06:00:00Z, true",
    "mon-fri 08:00-18:00, 2026-06-01T05:59:59Z, false",
    "mon-fri 08:00-18:00, 2026-06-01T15:59:59Z, true",
    "mon-fri 08:00-18:00, 2026-06-01T16:00:00Z, false",
    "mon-fri 08:00-18:00, 2026-06-06T12:00:00Z, false",
    "'sat,sun 10:00-14:00', 2026-06-06T10:00:00Z, true",
    "fri-mon 10:00-14:00, 2026-06-07T10:00:00Z, true",
    "fri-mon 10:00-14:00, 2026-06-02T10:00:00Z, false",
    "22:00-06:00, 2026-06-01T20:30:00Z, true",
    "22:00-06:00, 2026-06-01T03:30:00Z, true",
    "22:00-06:00, 2026-06-01T04:00:00Z, false",
    "fri 22:00-06:00, 2026-06-06T03:00:00Z, true",
    "fri 22:00-06:00, 2026-06-05T03:00:00Z, false",
    "00:00-24:00, 2026-06-01T12:00:00Z, true",
    "mon 18:00-24:00, 2026-06-01T21:59:59Z, true",
    "mon 18:00-24:00, 2026-06-01T22:00:00Z, false",
  })
  void hoursAreThoseOfTheTimeZone(String hours, Instant at, boolean allowed) {
    assertThat(allows(Condition.NONE.during("Europe/Berlin", hours), request(at)))
        .isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "mon-fri 08:00-18:00, 2026-06-01T12:00:00Z, 2026-06-01T16:00:00Z",
    "22:00-06:00, 2026-06-01T20:30:00Z, 2026-06-02T04:00:00Z",
    // The clock is put back at 01:00Z: what is allowed until 02:30 ends, and comes again.
    "02:00-02:30, 2026-10-25T00:10:00Z, 2026-10-25T00:30:00Z",
    "02:00-02:30, 2026-10-25T01:10:00Z, 2026-10-25T01:30:00Z",
    // The clock is put forward at 01:00Z: what is allowed until 02:30 ends then.
    "01:00-02:30, 2026-03-29T00:30:00Z, 2026-03-29T01:00:00Z",
  })
  void decisionNamesTheEndOfTheHours(String hours, Instant at, Instant end) {
    Roles roles = roles(Condition.NONE.during("Europe/Berlin", hours));
    assertThat(decide(roles, request(at))).isEqualTo(new Decision.Allowed("r", "rules[0]", end));
  }

  @Test
  void bindingEndsWithItsExpiry() {
    Instant end = NOON.plusSeconds(60);
    Roles roles =
        Roles.builder()
            .role("r", rule().build())
            .bind(new Binding("r", java.util.List.of("jane"), java.util.List.of()).until(end))
            .build();
    assertThat(decide(roles, request(NOON))).isEqualTo(new Decision.Allowed("r", "rules[0]", end));
    assertThat(allows(roles, request(end.minusNanos(1)))).isTrue();
    assertThat(allows(roles, request(end))).isFalse();
    RequestInfo version = RequestInfo.nonResource("get", "/version");
    assertThat(decide(roles, request(NOON).withInfo(version)))
        .isEqualTo(new Decision.Allowed("fairlead:default", "discovery", end));
    assertThat(allows(roles, request(end).withInfo(version))).isFalse();
  }

  @Test
  void decisionNamesTheMomentAtWhichADenialBegins() {
    Roles roles =
        Roles.builder()
            .role(
                "r",
                rule().build(),
                denial().when(Condition.NONE.during("UTC", "13:00-14:00")).build())
            .bindUsers("r", "jane")
            .build();
    assertThat(decide(roles, request(NOON)))
        .isEqualTo(new Decision.Allowed("r", "rules[0]", Instant.parse("2026-06-01T13:00:00Z")));
    assertThat(decide(roles, request(NOON.plusSeconds(3600))))
        .isInstanceOfSatisfying(
            Decision.Denied.class,
            denied -> {
              assertThat(denied.rule()).isEqualTo("rules[1]");
              assertThat(denied.role()).isEqualTo("r");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "env=prod, true",
    "env==prod, true",
    "env!=prod, false",
    "tier!=edge, true",
    "'env in (dev, prod)', true",
    "'env notin (dev, test)', true",
    "'tier notin (dev)', true",
    "'env in (dev)', false",
    "env, true",
    "!env, false",
    "!tier, true",
    "'env=prod,region=eu', true",
    "'env=prod,region=us', false",
    "'env in (dev,prod),region', true",
    "example.com/team=core, true",
  })
  void clustersAreSelectedByLabels(String selector, boolean allowed) {
    Roles roles =
        Roles.builder()
            .role("r", rule().clusters().clusterSelector(selector).build())
            .bindUsers("r", "jane")
            .build();
    Map<String, String> labels = Map.of("env", "prod", "region", "eu", "example.com/team", "core");
    assertThat(allows(roles, request(NOON).withClusterLabels(labels))).isEqualTo(allowed);
  }

  @Test
  void nameAndLabelsOfAClusterBothHaveToMatch() {
    Roles roles =
        Roles.builder()
            .role("r", rule().clusters("dev").clusterSelector("env=prod").build())
            .bindUsers("r", "jane")
            .build();
    assertThat(allows(roles, request(NOON).withClusterLabels(Map.of("env", "prod")))).isTrue();
    assertThat(allows(roles, request(NOON))).isFalse();
    Roles other =
        Roles.builder()
            .role("r", rule().clusters("other").clusterSelector("env=prod").build())
            .bindUsers("r", "jane")
            .build();
    assertThat(allows(other, request(NOON).withClusterLabels(Map.of("env", "prod")))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "networks: [10.0.0.1/8]",
        "networks: [10.0.0.0/33]",
        "networks: [localhost]",
        "networks: ['fe80::1%eth0']",
        "networks: ['::ffff:0.0.0.0/90']",
        "networks: [10.0.0.0/-1]",
        "networks: []",
        "hours: [8-18]",
        "hours: ['25:00-26:00']",
        "hours: ['08:00-08:00']",
        "hours: ['mo 08:00-18:00']",
        "hours: ['mon-tue-wed 08:00-18:00']",
        "hours: ['08:00-24:30']",
        "{hours: ['08:00-18:00'], timeZone: Atlantis}",
        "timeZone: UTC",
        "{}",
        "hour: ['08:00-18:00']",
      })
  void conditionThatCannotBeMeantIsRefused(String when) {
    String braced = when.startsWith("{") ? when : "{" + when + "}";
    String yaml =
        "roles: [{name: r, rules: [{clusters: ['*'], namespaces: ['*'], apiGroups: ['*'],"
            + " resources: [pods], verbs: [get], when: "
            + braced
            + "}]}]\nbindings: [{role: r, users: [jane]}]";
    assertThatThrownBy(() -> Roles.parse(yaml, "roles.yaml"))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("1 mistake\n")
        .hasMessageContaining("line 1, column")
        .hasMessageContaining("roles[0].rules[0].when");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "effect: forbid",
        "effect: ''",
        "clusterSelector: 'a=b=c'",
        "clusterSelector: ''",
        "clusterSelector: 'env in prod'",
        "clusterSelector: 'a,,b'",
      })
  void ruleThatCannotBeMeantIsRefused(String field) {
    String yaml =
        "roles: [{name: r, rules: [{clusters: ['*'], namespaces: ['*'], apiGroups: ['*'],"
            + " resources: [pods], verbs: [get], "
            + field
            + "}]}]\nbindings: [{role: r, users: [jane]}]";
    assertThatThrownBy(() -> Roles.parse(yaml, "roles.yaml"))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("1 mistake\n")
        .hasMessageContaining("roles[0].rules[0]." + field.substring(0, field.indexOf(':')));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tomorrow", "2027-01-31", "''", "1", "2027-01-31T18:00:00"})
  void expiryThatIsNoMomentIsRefused(String expiry) {
    String yaml =
        "roles: [{name: r, rules: [{clusters: ['*'], nonResourceURLs: [/x], verbs: [get]}]}]\n"
            + "bindings: [{role: r, users: [jane], expiresAt: "
            + expiry
            + "}]";
    assertThatThrownBy(() -> Roles.parse(yaml, "roles.yaml"))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("line 2, column 37: bindings[0].expiresAt");
  }

  private static Rule.Builder rule() {
    return Rule.builder()
        .clusters("*")
        .namespaces("*")
        .apiGroups("*")
        .resources("pods")
        .verbs("get");
  }

  private static Rule.Builder denial() {
    return Rule.denial()
        .clusters("*")
        .namespaces("*")
        .apiGroups("*")
        .resources("pods")
        .verbs("get");
  }

  private static Roles roles(Condition when) {
    return Roles.builder().role("r", rule().when(when).build()).bindUsers("r", "jane").build();
  }

  private static AccessRequest request(Instant at) {
    RequestInfo info = new RequestInfo(true, "/x", "get", "", "v1", "shop", "pods", "", "p");
    return AccessRequest.of(Identity.user("jane"), ClusterName.of("dev"), info, at);
  }

  private static boolean allows(Condition when, AccessRequest request) {
    return allows(roles(when), request);
  }

  private static boolean allows(Roles roles, AccessRequest request) {
    return decide(roles, request) instanceof Decision.Allowed;
  }

  private static Decision decide(Roles roles, AccessRequest request) {
    return roles.authorize(request).toCompletableFuture().join();
  }
}
