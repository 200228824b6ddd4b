package dev.fairlead.core.exchange;

import dev.fairlead.api.Identity;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.RequestInfo;
import dev.fairlead.core.authentication.ReservedNames;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who a caller asks to act as, by the fields {@code Impersonate-*} that kube-apiserver takes, and
 * what they have to be allowed for it: the verb {@code impersonate} on each part.
 *
 * @param identity who the request is to run as
 */
record Impersonation(Identity identity) {

  private static final String PREFIX = "impersonate-";
  private static final String EXTRA = "impersonate-extra-";
  private static final String VERB = "impersonate";
  private static final String AUTHENTICATION = "authentication.k8s.io";

  /**
   * Reads the fields.
   *
   * @return empty if there are none
   * @throws InvalidException if they are not as the API server takes them, in whatever spelling a
   *     server may take for them, or name somebody nobody may act as
   */
  static Optional<Impersonation> of(Http2Headers head) {
    String user = null;
    String uid = null;
    List<String> groups = new ArrayList<>();
    Map<String, List<String>> extra = new LinkedHashMap<>();
    boolean asked = false;
    for (Map.Entry<CharSequence, CharSequence> field : head) {
      String spelt = field.getKey().toString();
      String name = spelt.strip().toLowerCase(Locale.ROOT);
      if (!name.replace('_', '-').startsWith(PREFIX)) {
        continue;
      }
      asked = true;
      require(name.indexOf('_') < 0 && name.length() == spelt.length(), "a field in disguise");
      String value = field.getValue().toString();
      require(
          value.chars().allMatch(c -> c >= 0x20 && c < 0x7f), "a value that is no visible ASCII");
      if (name.equals("impersonate-user")) {
        user = once(user, value, name);
      } else if (name.equals("impersonate-uid")) {
        uid = once(uid, value, name);
      } else if (name.equals("impersonate-group")) {
        groups.add(value);
      } else if (name.startsWith(EXTRA) && name.length() > EXTRA.length()) {
        extra.computeIfAbsent(key(name), unused -> new ArrayList<>()).add(value);
      } else {
        throw invalid("a field that is not known");
      }
    }
    if (!asked) {
      return Optional.empty();
    }
    require(user != null, "no Impersonate-User");
    Identity identity = new Identity(String.valueOf(user), uid, groups, extra);
    Optional<String> reserved = ReservedNames.in(identity);
    require(reserved.isEmpty(), "Kubernetes' own " + reserved.orElse(""));
    return Optional.of(new Impersonation(identity));
  }

  private static String once(@Nullable String present, String value, String name) {
    require(present == null, name + " more than once");
    return value;
  }

  private static String key(String name) {
    String escaped = name.substring(EXTRA.length());
    try {
      // Not a form: a plus is a plus.
      return URLDecoder.decode(escaped.replace("+", "%2B"), StandardCharsets.UTF_8)
          .toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      throw invalid("an extra key with a bad escape");
    }
  }

  private static void require(boolean condition, String found) {
    if (!condition) {
      throw invalid(found);
    }
  }

  private static InvalidException invalid(String found) {
    return new InvalidException(
        found + " (expected: Impersonate-User, and perhaps -Group, -Uid and -Extra-*)");
  }

  /** What the caller has to be allowed, as Kubernetes' own RBAC has it. */
  List<RequestInfo> parts(String path) {
    List<RequestInfo> parts = new ArrayList<>();
    parts.add(part(path, "", "users", "", identity.username()));
    identity.groups().forEach(group -> parts.add(part(path, "", "groups", "", group)));
    String uid = identity.uid();
    if (uid != null) {
      parts.add(part(path, AUTHENTICATION, "uids", "", uid));
    }
    identity
        .extra()
        .forEach(
            (key, values) ->
                values.forEach(
                    value -> parts.add(part(path, AUTHENTICATION, "userextras", key, value))));
    return parts;
  }

  private static RequestInfo part(
      String path, String group, String resource, String subresource, String name) {
    return new RequestInfo(true, path, VERB, group, "v1", "", resource, subresource, name);
  }
}
