package dev.fairlead.e2e.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ModuleDirectionTest {
  @ParameterizedTest
  @EnumSource
  void moduleKnowsOnlyTheModulesBelowIt(Module module) {
    String[] forbidden =
        Stream.concat(
                Stream.of(Module.values()).filter(m -> !module.mayKnow(m)).map(m -> m.root),
                Stream.of("dev.fairlead.e2e"))
            .map(root -> root + "..")
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage(module.root + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(forbidden)
        .check(Codebase.PRODUCT);
  }

  /** Else the rules would hold for want of anything to look at. */
  @ParameterizedTest
  @EnumSource
  void moduleHasClassesUnderItsRoot(Module module) {
    assertThat(Codebase.PRODUCT).anyMatch(c -> module.owns(c.getPackageName()));
  }

  @Test
  void everyClassLivesUnderTheRootOfAModule() {
    assertThat(Codebase.PRODUCT.stream().map(JavaClass::getPackageName))
        .allMatch(name -> Stream.of(Module.values()).anyMatch(m -> m.owns(name)));
  }

  @Test
  void packagesHaveNoCycles() {
    slices()
        .matching("dev.fairlead.(**)")
        .should()
        .beFreeOfCycles()
        .ignoreDependency(Codebase.generated(), Codebase.generated())
        .check(Codebase.PRODUCT);
  }

  @Test
  void apiKnowsOnlyTheJdkAndItsNullness() {
    classes()
        .that()
        .resideInAPackage(Module.API.root + "..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            Module.API.root + "..", "java..", "javax.net..", "javax.security..", "org.jspecify..")
        .because("the domain shows no type of a third party")
        .check(Codebase.PRODUCT);
  }
}
