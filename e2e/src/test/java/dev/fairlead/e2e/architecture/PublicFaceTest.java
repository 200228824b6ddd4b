package dev.fairlead.e2e.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
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
  private static final Set<String> FOR_EMBEDDERS =
      Set.of(
          // what a refused write of an audit record looks like to them
          "dev.fairlead.core.audit.AuditException",
          // for their own front door
          "dev.fairlead.core.administration.AdministrationPages",
          // for their own tests
          "dev.fairlead.core.audit.MemoryAuditSink");

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
    Set<String> needed = needed();
    assertThat(
            Codebase.PRODUCT.stream()
                .filter(Codebase.written())
                .filter(c -> c.isTopLevelClass() && c.getModifiers().contains(JavaModifier.PUBLIC))
                .filter(c -> MADE_FOR_OTHERS.stream().noneMatch(m -> m.owns(c.getPackageName())))
                .map(JavaClass::getName)
                .filter(name -> !FOR_EMBEDDERS.contains(name))
                .filter(name -> !needed.contains(name)))
        .as("public types that only their own package needs: make them package-private")
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

  /** Programs, and what embedders name in their own Dagger components. */
  private static boolean isEntryPoint(JavaClass c) {
    return c.tryGetMethod("main", String[].class).isPresent()
        || c.isAnnotatedWith("dagger.Module")
        || c.isAnnotatedWith("javax.inject.Qualifier")
        || c.isAnnotatedWith("jakarta.inject.Qualifier");
  }

  /**
   * The types that another package uses, and those that the public members of needed types show.
   */
  private static Set<String> needed() {
    Set<String> needed = new HashSet<>();
    Stream.concat(Codebase.PRODUCT.stream(), Codebase.TESTS.stream())
        .flatMap(c -> c.getDirectDependenciesFromSelf().stream())
        .filter(
            d -> !d.getTargetClass().getPackageName().equals(d.getOriginClass().getPackageName()))
        .forEach(d -> needed.add(topLevel(d.getTargetClass())));
    Codebase.PRODUCT.stream()
        .filter(PublicFaceTest::isEntryPoint)
        .forEach(c -> needed.add(topLevel(c)));
    Map<String, Set<String>> shown = shownByType();
    Deque<String> open = new ArrayDeque<>(needed);
    while (!open.isEmpty()) {
      shown.getOrDefault(open.remove(), Set.of()).stream().filter(needed::add).forEach(open::add);
    }
    return needed;
  }

  private static Map<String, Set<String>> shownByType() {
    Map<String, Set<String>> shown = new HashMap<>();
    for (JavaClass c : Codebase.PRODUCT) {
      Set<String> types = shown.computeIfAbsent(topLevel(c), name -> new HashSet<>());
      Stream.of(
              c.getCodeUnits().stream()
                  .filter(PublicFaceTest::isPublic)
                  .flatMap(u -> u.getAllInvolvedRawTypes().stream()),
              c.getFields().stream()
                  .filter(PublicFaceTest::isPublic)
                  .flatMap(field -> field.getAllInvolvedRawTypes().stream()),
              c.getAllRawInterfaces().stream(),
              c.getAllRawSuperclasses().stream())
          .flatMap(found -> found)
          .forEach(type -> types.add(topLevel(type)));
    }
    return shown;
  }

  private static boolean isPublic(JavaMember member) {
    return member.getModifiers().contains(JavaModifier.PUBLIC);
  }

  private static String topLevel(JavaClass c) {
    String name = c.getBaseComponentType().getName();
    int nested = name.indexOf('$');
    return nested < 0 ? name : name.substring(0, nested);
  }
}
