package dev.fairlead.core.authorization;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What people call access to a subresource, with Kubernetes' own name of it and the verbs that the
 * request then has.
 */
enum Word {
  LOGS("logs", "log", "get"),
  EXEC("exec", "exec", "create"),
  ATTACH("attach", "attach", "create"),
  PORT_FORWARD("port-forward", "portforward", "create"),
  PROXY("proxy", "proxy", "*");

  final String text;
  final String subresource;
  final List<String> verbs;

  Word(String text, String subresource, String verb) {
    this.text = text;
    this.subresource = subresource;
    this.verbs = List.of(verb);
  }

  static @Nullable Word of(String verb) {
    for (Word word : values()) {
      if (word.text.equals(verb)) {
        return word;
      }
    }
    return null;
  }

  /** The subresource of an entry of a rule's resources, or null if that has no such subresource. */
  @Nullable ResourcePattern on(ResourcePattern entry) {
    boolean whole = entry.subresource().isEmpty() || entry.isEverything();
    boolean included = entry.subresource().equals("*") || entry.subresource().equals(subresource);
    return whole || included ? new ResourcePattern(entry.resource(), subresource) : null;
  }
}
