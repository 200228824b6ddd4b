package dev.fairlead.testkit.fleet;

import dev.fairlead.api.auth.Authorizer;
import dev.fairlead.core.authorization.Roles;
import dev.fairlead.core.authorization.Rule;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sentences that say who may do what. */
final class RoleSentences {

  private static final Pattern SENTENCE =
      Pattern.compile("(group )?(\\S+) may (\\S+) (\\S+) on (\\S+)(?: in (\\S+))?");

  private RoleSentences() {}

  static Authorizer parse(List<String> sentences) {
    Roles.Builder roles = Roles.builder();
    for (int i = 0; i < sentences.size(); i++) {
      String sentence = sentences.get(i);
      Matcher said = SENTENCE.matcher(sentence);
      if (!said.matches()) {
        throw new IllegalArgumentException(
            "roles: \""
                + sentence
                + "\" (expected: [group] NAME may VERBS RESOURCES on CLUSTERS [in NAMESPACES])");
      }
      String role = "sentence-" + (i + 1);
      String namespaces = said.group(6) == null ? "*" : said.group(6);
      roles.role(
          role,
          Rule.builder()
              .clusters(said.group(5).split(","))
              .namespaces(namespaces.split(","))
              .apiGroups("*")
              .resources(said.group(4).split(","))
              .verbs(said.group(3).split(","))
              .build());
      if (said.group(1) == null) {
        roles.bindUsers(role, said.group(2));
      } else {
        roles.bindGroups(role, said.group(2));
      }
    }
    return roles.build();
  }
}
