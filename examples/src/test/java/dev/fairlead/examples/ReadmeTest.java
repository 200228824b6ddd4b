package dev.fairlead.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What the READMEs show is what is compiled and run. */
class ReadmeTest {

  private static final Path ROOT = root();
  private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern SOURCED =
      Pattern.compile("<!-- (\\S+\\.java) -->\n+```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(#[^)]*)?\\)");
  private static final Pattern MODULE = Pattern.compile("<module>([a-z0-9-]+)</module>");
  private static final Pattern NAMED_TEST = Pattern.compile("`(\\w+)\\.(\\w+)`");
  private static final List<String> WITHOUT_PAGE = List.of("bom", "e2e");

  private static Path root() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("mvnw"))) {
      at = at.getParent();
    }
    return at;
  }

  private static List<String> modules() throws IOException {
    return MODULE
        .matcher(Files.readString(ROOT.resolve("pom.xml")))
        .results()
        .map(module -> module.group(1))
        .filter(module -> !WITHOUT_PAGE.contains(module))
        .toList();
  }

  static Stream<Path> pages() throws IOException {
    Stream<Path> readmes =
        Stream.concat(Stream.of(""), modules().stream())
            .map(module -> ROOT.resolve(module).resolve("README.md"));
    try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      return Stream.concat(readmes, docs.toList().stream());
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyCodeBlockStandsInItsSource(Path readme) throws IOException {
    String text = Files.readString(readme);
    List<MatchResult> sourced = SOURCED.matcher(text).results().toList();
    assertThat(sourced)
        .as("blocks with a comment before them that names their source")
        .hasSize((int) BLOCK.matcher(text).results().count());
    for (MatchResult block : sourced) {
      Path source = ROOT.resolve(block.group(1));
      assertThat(unindented(Files.readString(source)).contains(unindented(block.group(2))))
          .as("%s shows code that is not in %s:\n%s", readme, source, block.group(2))
          .isTrue();
    }
  }

  private static String unindented(String code) {
    return code.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .collect(Collectors.joining("\n", "\n", "\n"));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyLinkLeadsSomewhere(Path readme) throws IOException {
    assertThat(LINK.matcher(Files.readString(readme)).results().map(link -> link.group(1)))
        .allSatisfy(
            link -> assertThat(readme.resolveSibling(link)).as("linked by %s", readme).exists());
  }

  @Test
  void everyTestThatThePageOnSecurityNamesExists() throws IOException {
    Map<String, String> sources = new HashMap<>();
    for (String module : modulesWithTests()) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src"))) {
        for (Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
          String name = file.getFileName().toString().replace(".java", "");
          sources.merge(name, Files.readString(file), String::concat);
        }
      }
    }
    List<MatchResult> named =
        NAMED_TEST.matcher(Files.readString(ROOT.resolve("docs/security.md"))).results().toList();
    assertThat(named)
        .isNotEmpty()
        .allSatisfy(
            test ->
                assertThat(sources.getOrDefault(test.group(1), ""))
                    .as("the source of %s", test.group())
                    .contains("void " + test.group(2) + "("));
  }

  private static List<String> modulesWithTests() throws IOException {
    return Stream.concat(modules().stream(), Stream.of("e2e")).toList();
  }

  @Test
  void rootShowsTheEmbeddedHubAndLinksEveryModule() throws IOException {
    String text = Files.readString(ROOT.resolve("README.md"));
    assertThat(text).contains("./quickstart", "./mvnw verify", "/EmbeddedHub.java -->\n```java");
    assertThat(modules())
        .allSatisfy(module -> assertThat(text).contains("(" + module + "/README.md)"));
  }

  @Test
  void everyOptionOfTheProgramsIsExplained() throws IOException {
    String text = Files.readString(ROOT.resolve("examples/README.md"));
    for (Object program : List.of(StandaloneHub.create(), StandaloneAgent.create())) {
      assertThat(new CommandLine(program).getCommandSpec().options())
          .filteredOn(option -> !option.usageHelp() && !option.versionHelp())
          .allSatisfy(option -> assertThat(text).contains("`" + option.longestName() + "`"));
    }
  }

  @Test
  void embeddedHubIsSmall() throws IOException {
    Path source = ROOT.resolve("examples/src/main/java/dev/fairlead/examples/EmbeddedHub.java");
    assertThat(
            Files.readAllLines(source).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("/*") && !line.startsWith("*"))
                .filter(line -> !line.startsWith("import ") && !line.startsWith("package ")))
        .as("lines of code")
        .hasSizeLessThanOrEqualTo(30);
  }
}
