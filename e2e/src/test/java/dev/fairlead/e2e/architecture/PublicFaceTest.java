package dev.fairlead.e2e.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What an embedder sees is there on purpose. */
class PublicFaceTest {
  /** Modules that are made to be used from outside: all they make public is needed. */
  private static final Set<Module> MADE_FOR_OTHERS = EnumSet.of(Module.API, Module.TESTKIT);

  /** Public for embedders, though nothing in this repository uses them: class name. */
  private static final Set<String> FOR_EMBEDDERS = Set.of();

  /** A module's public types are judged once all modules that may use them are there. */
  private static final Set<Module> CHECKED =
      Stream.of(Module.values())
          .filter(m -> !MADE_FOR_OTHERS.contains(m))
          .filter(
              m ->
                  Stream.of(Module.values())
                      .filter(u -> u.mayKnow(m))
                      .allMatch(Codebase::hasSources))
          .collect(Collectors.toSet());

  private static final String NULL_MARKED = "org.jspecify.annotations.NullMarked";

  @Test
  void everyPackageIsNullMarked() {
    assertThat(
            Codebase.PRODUCT.stream()
                .filter(Codebase.written())
                .map(JavaClass::getPackage)
                .distinct()
                .filter(p -> !p.isAnnotatedWith(NULL_MARKED))
                .map(p -> p.getName()))
        .as("packages without a package-info.java that says @NullMarked")
        .isEmpty();
  }

  @Test
  void publicTypesAreUsedFromAnotherPackage() {
    Map<String, Set<String>> users = usersByType();
    assertThat(
            Codebase.PRODUCT.stream()
                .filter(Codebase.written())
                .filter(c -> c.isTopLevelClass() && c.getModifiers().contains(JavaModifier.PUBLIC))
                .filter(c -> CHECKED.stream().anyMatch(m -> m.owns(c.getPackageName())))
                .filter(c -> !isProgram(c))
                .map(JavaClass::getName)
                .filter(name -> !FOR_EMBEDDERS.contains(name))
                .filter(name -> users.getOrDefault(name, Set.of()).isEmpty()))
        .as("public types that only their own package uses: make them package-private")
        .isEmpty();
  }

  @Test
  void apiModuleExportsEveryPackage() throws IOException {
    Path descriptor = Codebase.classes(Module.API).resolve("module-info.class");
    try (InputStream in = Files.newInputStream(descriptor)) {
      assertThat(ModuleDescriptor.read(in).exports().stream().map(Exports::source))
          .containsExactlyInAnyOrderElementsOf(
              Codebase.PRODUCT.stream()
                  .map(JavaClass::getPackageName)
                  .filter(Module.API::owns)
                  .collect(Collectors.toSet()));
    }
  }

  private static boolean isProgram(JavaClass c) {
    return c.tryGetMethod("main", String[].class).isPresent();
  }

  /** For every top-level type, the packages other than its own that use it or what is nested. */
  private static Map<String, Set<String>> usersByType() {
    Map<String, Set<String>> users = new HashMap<>();
    Stream.concat(Codebase.PRODUCT.stream(), Codebase.TESTS.stream())
        .flatMap(c -> c.getDirectDependenciesFromSelf().stream())
        .forEach(dependency -> note(dependency, users));
    return users;
  }

  private static void note(Dependency dependency, Map<String, Set<String>> users) {
    JavaClass used = dependency.getTargetClass().getBaseComponentType();
    String user = dependency.getOriginClass().getPackageName();
    if (!used.getPackageName().equals(user)) {
      users.computeIfAbsent(topLevel(used.getName()), name -> new HashSet<>()).add(user);
    }
  }

  private static String topLevel(String name) {
    int nested = name.indexOf('$');
    return nested < 0 ? name : name.substring(0, nested);
  }
}
