package dev.fairlead.e2e.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever adds a module tells everybody who looks for it. */
class ModuleListsTest {

  private static String read(String file) throws IOException {
    return Files.readString(Codebase.ROOT.resolve(file));
  }

  @ParameterizedTest
  @EnumSource(Module.class)
  void everyModuleIsBuiltAndShown(Module module) throws IOException {
    assertThat(read("pom.xml")).contains("<module>" + module.directory + "</module>");
    assertThat(read("README.md")).contains("(" + module.directory + "/README.md)");
    assertThat(Codebase.ROOT.resolve(module.directory).resolve("README.md")).isNotEmptyFile();
  }

  @ParameterizedTest
  @EnumSource(value = Module.class, mode = EnumSource.Mode.EXCLUDE, names = "EXAMPLES")
  void embeddersGetTheVersionOfEveryLibrary(Module module) throws IOException {
    assertThat(read("bom/pom.xml"))
        .contains("<artifactId>fairlead-" + module.directory + "</artifactId>");
  }
}
