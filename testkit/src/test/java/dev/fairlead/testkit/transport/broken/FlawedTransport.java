package dev.fairlead.testkit.transport.broken;

import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.testkit.transport.TransportConformance;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The kit, each case on the transport it has to reject. Not run by itself: {@link
 * BrokenTransportsTest} does.
 */
class FlawedTransport extends TransportConformance {

  /** The key of the report that a flaw took effect. */
  static final String STRUCK = "struck";

  private Flaw flaw;

  @RegisterExtension
  final AfterEachCallback last =
      context -> {
        flaw.closeInside();
        context.publishReportEntry(STRUCK, Boolean.toString(flaw.hasStruck()));
      };

  @BeforeEach
  void choose(TestInfo test) {
    flaw = BrokenTransports.byCase().get(test.getTestMethod().orElseThrow().getName()).get();
  }

  @Override
  protected HubTransport hub(@Nullable String address) {
    return flaw.hub();
  }

  @Override
  protected AgentTransport agent(String address) {
    return flaw.agent();
  }

  /** Once the flaw took effect, a case is not to wait long for what never comes. */
  @Override
  protected Duration patience() {
    return flaw.hasStruck() ? Duration.ofMillis(150) : super.patience();
  }
}
