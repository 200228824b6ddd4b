package dev.fairlead.agent.guard;

import dev.fairlead.api.InvalidException;
import dev.fairlead.api.RequestInfo;
import dev.fairlead.core.request.KubernetesRequest;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * One thing a guard refuses.
 *
 * @param what see {@link Guard}
 * @param namespaces where; empty: everywhere
 */
record Denial(String what, Set<String> namespaces) {

  private static final Pattern WORDS = Pattern.compile("\\*|[a-z0-9.-]+(/[a-z0-9.-]+)?");
  private static final Pattern PATH = Pattern.compile("/[\\x21-\\x7e]*");
  private static final Set<String> ON_COLLECTIONS = Set.of("list", "watch", "deletecollection");

  static Denial of(String what) {
    Objects.requireNonNull(what, "what");
    if (!WORDS.matcher(what).matches() && !PATH.matcher(what).matches()) {
      throw new InvalidException(
          "guard: "
              + what.length()
              + " characters that name nothing (expected: a verb, resource, subresource,"
              + " resource/subresource, path or *, in lower case)");
    }
    return new Denial(what, Set.of());
  }

  Denial in(Set<String> names) {
    return new Denial(what, names);
  }

  boolean covers(KubernetesRequest request) {
    RequestInfo info = request.info();
    return names(request, info) && where(info);
  }

  private boolean names(KubernetesRequest request, RequestInfo info) {
    if (what.equals("*") || what.equals(info.verb())) {
      return true;
    }
    if (!info.isResourceRequest()) {
      return what.endsWith("*")
          ? info.path().startsWith(what.substring(0, what.length() - 1))
          : what.equals(info.path());
    }
    return what.equals(request.forAuthorization().verb())
        || what.equals(info.resource())
        || what.equals(info.subresource())
        || what.equals(info.resourcePath());
  }

  private boolean where(RequestInfo info) {
    return namespaces.isEmpty()
        || namespaces.contains(info.namespace())
        || (info.isResourceRequest()
            && info.namespace().isEmpty()
            && ON_COLLECTIONS.contains(info.verb()));
  }

  String describe() {
    return namespaces.isEmpty()
        ? what
        : what + " in " + String.join(", ", new TreeSet<>(namespaces));
  }
}
