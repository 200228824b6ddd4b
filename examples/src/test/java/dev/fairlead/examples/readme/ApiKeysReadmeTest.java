package dev.fairlead.examples.readme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.Identity;
import dev.fairlead.core.apikey.ApiKeyOrder;
import dev.fairlead.core.apikey.IssuedApiKey;
import dev.fairlead.core.audit.MemoryAuditSink;
import dev.fairlead.core.authorization.Roles;
import dev.fairlead.core.authorization.Rule;
import dev.fairlead.core.authorization.Scope;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.core.memory.InMemoryTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page on API keys. */
class ApiKeysReadmeTest {

  static IssuedApiKey forNightlyReports(FairleadHub hub, Identity jane) {
    return hub.apiKeys()
        .issue(
            ApiKeyOrder.forUser(jane)
                .describedAs("nightly reports")
                .limitedTo(
                    Scope.of(
                        List.of(
                            Rule.builder()
                                .clusters("prod-*")
                                .namespaces("shop")
                                .apiGroups("")
                                .resources("pods")
                                .verbs("get", "list", "logs")
                                .build())))
                .livingFor(Duration.ofDays(90)));
  }

  @Test
  void pageShowsTheSameScopeInBothForms() throws IOException {
    Path page = Path.of("docs/api-keys.md");
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      page = Files.exists(at.resolve("docs/api-keys.md")) ? at.resolve("docs/api-keys.md") : page;
    }
    String text = Files.readString(page);
    int begin = text.indexOf("```yaml\n") + "```yaml\n".length();
    Scope shown = Scope.parse(text.substring(begin, text.indexOf("```", begin)), "page");
    try (FairleadHub hub =
        FairleadHub.builder()
            .transport(InMemoryTransport.create().hub())
            .authorizer(Roles.builder().build())
            .audit(new MemoryAuditSink(10))
            .keepInMemory()
            .drainFor(Duration.ZERO)
            .build()) {
      hub.start();
      IssuedApiKey issued = forNightlyReports(hub, Identity.user("jane"));
      assertThat(issued.info().scope()).isEqualTo(shown);
      assertThat(text).contains("`flk_<id>_<secret>`");
      assertThat(issued.token().reveal()).startsWith("flk_");
    }
  }
}
