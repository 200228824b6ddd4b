package dev.fairlead.e2e.architecture;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.USE_JAVA_UTIL_LOGGING;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How the code of every module behaves. */
class HabitsTest {
  /** The only classes that make threads by hand, and see that they end: class name. */
  private static final Set<String> THREAD_OWNERS =
      Set.of(
          "dev.fairlead.agent.Threads",
          "dev.fairlead.auth.oidc.Fetcher",
          "dev.fairlead.core.audit.RecordQueue",
          "dev.fairlead.core.pipe.DaemonThreads",
          "dev.fairlead.core.time.SystemTime",
          "dev.fairlead.testkit.audit.AuditSinkConformance",
          "dev.fairlead.testkit.cluster.Chatter",
          "dev.fairlead.testkit.transport.ClosingCases",
          "dev.fairlead.testkit.transport.TransportFixture");

  private static final DescribedPredicate<JavaClass> LIBRARY =
      DescribedPredicate.not(
              resideInAPackage(Module.EXAMPLES.root + "..")
                  .or(resideInAPackage(Module.CLI.root + "..")))
          .as("in libraries")
          .and(Codebase.written());

  @Test
  void namesSayWhatATypeIs() {
    noClasses()
        .that(Codebase.written())
        .should()
        .haveNameMatching(".*[.$]\\w*(Manager|Helpers?|Utils?|Impl|Common|Misc)")
        .check(Codebase.PRODUCT);
  }

  @Test
  void librariesDoNotPrint() {
    noClasses().that(LIBRARY).should(ACCESS_STANDARD_STREAMS).check(Codebase.PRODUCT);
  }

  @Test
  void librariesDoNotExit() {
    noClasses()
        .that(LIBRARY)
        .should()
        .callMethod(System.class, "exit", int.class)
        .check(Codebase.PRODUCT);
  }

  @Test
  void loggingGoesThroughSlf4j() {
    noClasses().that(LIBRARY).should(USE_JAVA_UTIL_LOGGING).check(Codebase.PRODUCT);
  }

  @Test
  void everyThreadHasAnOwner() {
    noClasses()
        .that(LIBRARY)
        .and(DescribedPredicate.not(belongTo(ownersOfThreads())))
        .should()
        .callConstructorWhere(
            target(owner(assignableTo(Thread.class).or(assignableTo(Timer.class))))
                .as("a thread is started by hand"))
        .check(Codebase.PRODUCT);
  }

  @Test
  void testsDoNotSleep() {
    noClasses()
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Thread.class, "sleep", long.class, int.class)
        .orShould()
        .callMethod(TimeUnit.class, "sleep", long.class)
        .check(Codebase.TESTS);
  }

  private static DescribedPredicate<JavaClass> ownersOfThreads() {
    return DescribedPredicate.describe(
        "owners of threads", c -> THREAD_OWNERS.contains(c.getName()));
  }
}
