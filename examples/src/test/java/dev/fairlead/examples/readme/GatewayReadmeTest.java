package dev.fairlead.examples.readme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.Identity;
import dev.fairlead.core.door.RestAnswer;
import dev.fairlead.core.door.RestCall;
import dev.fairlead.core.door.RestPages;
import dev.fairlead.core.exchange.Caller;
import dev.fairlead.core.request.RequestTarget;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the gateway's README shows. */
class GatewayReadmeTest {

  static final class Whoami implements RestPages {
    @Override
    public List<String> prefixes() {
      return List.of("/whoami");
    }

    @Override
    public RestAnswer answer(RestCall call) {
      if (!call.method().equals("GET")) {
        return RestAnswer.problem(405, "method: " + call.method() + " (expected: GET)")
            .with("allow", "GET");
      }
      String name = call.caller().identity().username();
      return RestAnswer.of(200, "text/plain", name.getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void pagesAnswerWithoutADoor() {
    RestCall call =
        new RestCall(
            "GET",
            RequestTarget.parse("/whoami"),
            null,
            new byte[0],
            null,
            "",
            "",
            () -> new Caller(Identity.user("jane"), "test", "", ""));
    assertThat(new Whoami().answer(call).body()).asString().isEqualTo("jane");
  }
}
