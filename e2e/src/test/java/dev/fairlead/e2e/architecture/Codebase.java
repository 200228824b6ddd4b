package dev.fairlead.e2e.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.Source;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The compiled classes of all modules, read from their build directories. */
final class Codebase {
  /** Where the whole project is. */
  static final Path ROOT = root();

  /** What is published. */
  static final JavaClasses PRODUCT = read("target/classes");

  /** The tests of the same modules. */
  static final JavaClasses TESTS = read("target/test-classes");

  private static final Set<String> GENERATED = generatedSources();

  private Codebase() {}

  /** Holds for classes that a compiler plugin wrote, such as those of protobuf and Dagger. */
  static DescribedPredicate<JavaClass> generated() {
    return DescribedPredicate.describe(
        "generated", c -> GENERATED.contains(sourceFile(c.getPackageName(), fileName(c))));
  }

  /** Holds for classes somebody wrote, package descriptions aside. */
  static DescribedPredicate<JavaClass> written() {
    return DescribedPredicate.not(generated())
        .and(DescribedPredicate.describe("types", c -> !c.getSimpleName().equals("package-info")))
        .as("written by hand");
  }

  /** Where the module's own classes are. */
  static Path classes(Module module) {
    return ROOT.resolve(module.directory).resolve("target/classes");
  }

  private static JavaClasses read(String target) {
    List<Path> directories =
        Stream.of(Module.values())
            .map(m -> ROOT.resolve(m.directory).resolve(target))
            .filter(Files::isDirectory)
            .toList();
    return new ClassFileImporter().importPaths(directories);
  }

  private static Set<String> generatedSources() {
    Set<String> names = new HashSet<>();
    for (Module module : Module.values()) {
      Path sources = ROOT.resolve(module.directory).resolve("target/generated-sources");
      for (Path file : javaFiles(sources)) {
        names.add(sourceFile(packageOf(file), file.getFileName().toString()));
      }
    }
    return names;
  }

  private static List<Path> javaFiles(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(f -> f.toString().endsWith(".java")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String packageOf(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith("package "))
          .map(line -> line.substring("package ".length(), line.indexOf(';')).strip())
          .findFirst()
          .orElse("");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String fileName(JavaClass c) {
    return c.getSource().flatMap(Source::getFileName).orElse("");
  }

  private static String sourceFile(String packageName, String fileName) {
    return packageName + "/" + fileName;
  }

  private static Path root() {
    Path path = Path.of("").toAbsolutePath();
    while (!Files.exists(path.resolve("mvnw"))) {
      path = path.getParent();
      if (path == null) {
        throw new IllegalStateException("no mvnw above the working directory");
      }
    }
    return path;
  }
}
