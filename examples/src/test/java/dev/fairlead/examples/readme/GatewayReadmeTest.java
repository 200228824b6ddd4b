package dev.fairlead.examples.readme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.core.audit.MemoryAuditSink;
import dev.fairlead.core.authorization.Roles;
import dev.fairlead.core.door.RestAnswer;
import dev.fairlead.core.door.RestCall;
import dev.fairlead.core.door.RestPages;
import dev.fairlead.core.exchange.Caller;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.core.memory.InMemoryTransport;
import dev.fairlead.core.request.RequestTarget;
import dev.fairlead.gateway.Gateway;
import dev.fairlead.gateway.GatewayBuilder;
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

  private static GatewayBuilder withLocalAddresses(FairleadHub hub) {
    return Gateway.builder(hub)
        .listen(8443)
        .tlsByHub("hub.example.com")
        .local(ClusterName.of("dev"), "127.0.0.2", 6443)
        .local(ClusterName.of("prod"), "127.0.0.3", 6443);
  }

  @Test
  void localAddressesAreOfThisMachineOnly() {
    try (FairleadHub hub =
            FairleadHub.builder()
                .transport(InMemoryTransport.create().hub())
                .authorizer(Roles.builder().build())
                .audit(new MemoryAuditSink(1))
                .keepInMemory()
                .build();
        Gateway gateway = withLocalAddresses(hub).build()) {
      assertThat(gateway).isNotNull();
      GatewayBuilder open = withLocalAddresses(hub).local(ClusterName.of("qa"), "0.0.0.0", 6443);
      assertThatThrownBy(open::build).hasMessageContaining("only this machine reaches");
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
