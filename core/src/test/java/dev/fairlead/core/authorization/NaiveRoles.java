package dev.fairlead.core.authorization;

import dev.fairlead.api.RequestInfo;
import dev.fairlead.api.auth.AccessRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Set;

/** The meaning of roles, written down as plainly as can be: one rule after the other. */
final class NaiveRoles {

  private static final Set<String> STREAMS = Set.of("list", "watch", "deletecollection");

  private final List<Role> roles;
  private final List<Binding> bindings;

  NaiveRoles(Roles roles) {
    this.roles = roles.roles();
    this.bindings = roles.bindings();
  }

  boolean allows(AccessRequest request) {
    boolean allowed = false;
    boolean known = false;
    for (Role role : roles) {
      for (Binding binding : bindings) {
        if (!binding.role().equals(role.name()) || !given(binding, request)) {
          continue;
        }
        for (Rule rule : role.rules()) {
          boolean deny = rule.effect() == Rule.Effect.DENY;
          if (!holds(binding.when(), request, deny) || !holds(rule.when(), request, deny)) {
            continue;
          }
          if (deny && covers(rule, request)) {
            return false;
          }
          known |= !deny && onCluster(rule, request);
          allowed |= !deny && covers(rule, request);
        }
      }
    }
    return allowed || known && isDefault(request.info());
  }

  private static boolean isDefault(RequestInfo info) {
    if (!info.isResourceRequest()) {
      return info.verb().equals("get")
          && (info.path().equals("/version") || info.path().startsWith("/apis/"));
    }
    return info.verb().equals("create")
        && info.subresource().isEmpty()
        && info.apiGroup().equals("authorization.k8s.io")
        && info.resource().equals("selfsubjectaccessreviews");
  }

  private static boolean given(Binding binding, AccessRequest request) {
    Instant end = binding.expiresAt();
    return (end == null || request.at().isBefore(end))
        && (binding.users().contains(request.identity().username())
            || binding.groups().contains("system:authenticated")
            || request.identity().groups().stream().anyMatch(binding.groups()::contains));
  }

  private static boolean holds(Condition when, AccessRequest request, boolean deny) {
    return (when.networks().isEmpty()
            || (request.sourceIp().isEmpty()
                ? deny
                : when.networks().stream().anyMatch(n -> contains(n, request.sourceIp()))))
        && (when.hours().isEmpty()
            || when.hours().stream()
                .anyMatch(h -> within(h, request.at().atZone(ZoneId.of(when.timeZone())))));
  }

  /** Knows mon-fri and nothing else of days. */
  private static boolean within(String hours, ZonedDateTime at) {
    String[] parts = hours.split(" ");
    boolean week = parts.length == 2;
    String[] ends = parts[parts.length - 1].split("-");
    LocalTime from = LocalTime.parse(ends[0]);
    LocalTime to = LocalTime.parse(ends[1]);
    LocalTime time = at.toLocalTime();
    boolean today = !week || at.getDayOfWeek().getValue() <= 5;
    boolean yesterday = !week || at.minusDays(1).getDayOfWeek().getValue() <= 5;
    return from.isBefore(to)
        ? today && !time.isBefore(from) && time.isBefore(to)
        : today && !time.isBefore(from) || yesterday && time.isBefore(to);
  }

  private static boolean contains(String network, String address) {
    try {
      String[] parts = network.split("/");
      byte[] block = InetAddress.getByName(parts[0]).getAddress();
      byte[] asked = InetAddress.getByName(address).getAddress();
      int bits = parts.length == 1 ? block.length * 8 : Integer.parseInt(parts[1]);
      for (int i = 0; i < bits; i++) {
        int mask = 0x80 >> i % 8;
        if (asked.length != block.length || (block[i / 8] & mask) != (asked[i / 8] & mask)) {
          return false;
        }
      }
      return true;
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean onCluster(Rule rule, AccessRequest request) {
    return (rule.clusters().isEmpty() || matches(rule.clusters(), request.cluster().value()))
        && (rule.clusterSelector().isEmpty()
            || selects(rule.clusterSelector(), request.clusterLabels().getOrDefault("env", "-")));
  }

  /** Knows the selectors of the test only. */
  private static boolean selects(String selector, String env) {
    return switch (selector) {
      case "env=prod" -> env.equals("prod");
      case "env in (dev, test)" -> env.equals("dev") || env.equals("test");
      case "env!=prod" -> !env.equals("prod");
      case "!env" -> env.equals("-");
      default -> throw new AssertionError(selector);
    };
  }

  private static boolean covers(Rule rule, AccessRequest request) {
    RequestInfo info = request.info();
    boolean deny = rule.effect() == Rule.Effect.DENY;
    if (!onCluster(rule, request)) {
      return false;
    }
    if (!info.isResourceRequest()) {
      return matches(rule.nonResourceUrls(), info.path()) && matches(rule.verbs(), info.verb());
    }
    boolean across = info.namespace().isEmpty() && STREAMS.contains(info.verb());
    return (matches(rule.namespaces(), info.namespace())
            || deny && across && !rule.namespaces().isEmpty())
        && matches(rule.apiGroups(), info.apiGroup())
        && (rule.resourceNames().isEmpty()
            || rule.resourceNames().contains(info.name())
            || deny && info.name().isEmpty())
        && rule.resources().stream()
            .anyMatch(r -> rule.verbs().stream().anyMatch(v -> means(r, v, info, deny)));
  }

  private static boolean means(String resource, String verb, RequestInfo info, boolean deny) {
    boolean plain =
        verb.equals(info.verb())
            || verb.equals("*") && (deny || !info.verb().equals("impersonate"));
    if (plain && resourceMatches(resource, info, null)) {
      return true;
    }
    return switch (verb) {
      case "logs" -> info.verb().equals("get") && resourceMatches(resource, info, "log");
      case "exec" -> info.verb().equals("create") && resourceMatches(resource, info, "exec");
      case "proxy" ->
          !(info.verb().equals("impersonate") && !deny) && resourceMatches(resource, info, "proxy");
      default -> false;
    };
  }

  /** With a subresource given, the entry means that subresource of what it names. */
  private static boolean resourceMatches(String entry, RequestInfo info, String only) {
    if (only != null && !info.subresource().equals(only)) {
      return false;
    }
    String[] parts = entry.split("/");
    if (entry.equals("*")) {
      return true;
    }
    if (!parts[0].equals("*") && !parts[0].equals(info.resource())) {
      return false;
    }
    if (parts.length == 1) {
      return only != null || info.subresource().isEmpty();
    }
    return parts[1].equals("*")
        ? !info.subresource().isEmpty()
        : parts[1].equals(info.subresource());
  }

  private static boolean matches(List<String> patterns, String value) {
    return patterns.stream()
        .anyMatch(
            p ->
                p.endsWith("*")
                    ? value.startsWith(p.substring(0, p.length() - 1))
                    : p.equals(value));
  }
}
