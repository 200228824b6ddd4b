package dev.fairlead.testkit.transport.broken;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Every case of the kit can fail: each rejects a transport that breaks what it protects. */
class BrokenTransportsTest {

  private static final int LEAST_CASES = 45;

  private final Launcher launcher =
      LauncherFactory.create(
          LauncherConfig.builder()
              .enableTestExecutionListenerAutoRegistration(false)
              .enableLauncherSessionListenerAutoRegistration(false)
              .build());

  static Set<String> cases() {
    return new TreeSet<>(BrokenTransports.byCase().keySet());
  }

  private static LauncherDiscoveryRequest request(DiscoverySelector selector) {
    return LauncherDiscoveryRequestBuilder.request().selectors(selector).build();
  }

  @Test
  void everyCaseHasABrokenTransport() {
    TestPlan kit = launcher.discover(request(selectClass(FlawedTransport.class)));
    Set<String> inKit =
        kit.getRoots().stream()
            .flatMap(root -> kit.getDescendants(root).stream())
            .filter(TestIdentifier::isTest)
            .map(test -> test.getDisplayName().replace("()", ""))
            .collect(Collectors.toSet());
    assertThat(cases()).containsExactlyInAnyOrderElementsOf(inKit);
    assertThat(inKit).hasSizeGreaterThanOrEqualTo(LEAST_CASES);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theCaseRejectsItsBrokenTransport(String name) {
    Outcome outcome = new Outcome();
    launcher.execute(request(selectMethod(FlawedTransport.class, name)), outcome);
    assertThat(outcome.results).as("the results of the case").containsOnlyKeys(name + "()");
    TestExecutionResult result = outcome.results.get(name + "()");
    assertThat(outcome.struck).as("whether the flaw took effect").isTrue();
    assertThat(result.getThrowable())
        .as("what the case says")
        .hasValueSatisfying(failure -> assertThat(failure).isInstanceOf(AssertionError.class));
  }

  private static final class Outcome implements TestExecutionListener {
    private final Map<String, TestExecutionResult> results = new ConcurrentHashMap<>();
    private volatile boolean struck;

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      if (test.isTest()) {
        results.put(test.getDisplayName(), result);
      }
    }

    @Override
    public void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
      struck |= Boolean.parseBoolean(entry.getKeyValuePairs().get(FlawedTransport.STRUCK));
    }
  }
}
