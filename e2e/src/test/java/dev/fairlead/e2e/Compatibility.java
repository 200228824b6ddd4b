package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One client's table of {@code docs/compatibility.md}: a row for each command, a column for each
 * version. What a run finds is written to {@code target/compatibility}, and has to be what the page
 * says; with {@code -Dfairlead.compatibility=renew} it becomes what the page says.
 */
final class Compatibility {

  private static final Path PAGE = Tools.checkout().resolve("docs/compatibility.md");
  private static final String SAME = "same";
  private static final String SAME_ERROR = "same error";
  private static final String WORKS = "works";
  private static final String FAILS = "fails";
  private static final String UNTRIED = "–";

  private final String title;
  private final Map<String, Map<String, String>> found = new LinkedHashMap<>();

  private Compatibility(String title) {
    this.title = title;
  }

  /** The table under a heading of the page. */
  static Compatibility section(String title) {
    return new Compatibility(title);
  }

  /** Directly and through the hub the command worked alike. */
  void same(String command, String version) {
    put(command, version, SAME);
  }

  /** Something works through the hub that was not compared with anything. */
  void works(String what, String version) {
    put(what, version, WORKS);
  }

  /** Directly and through the hub the command was refused in the same words. */
  void sameError(String command, String version) {
    put(command, version, SAME_ERROR);
  }

  /** Through the hub it was something else; also what is tried and not yet known. */
  void fails(String command, String version) {
    put(command, version, FAILS);
  }

  private synchronized void put(String command, String version, String result) {
    String row = command.replaceAll("\\S*/(?=[\\w.-]+\\.yaml)", "").replace("|", "\\|");
    found.computeIfAbsent("`" + row + "`", key -> new LinkedHashMap<>()).put(version, result);
  }

  /** Compares with the page, or renews it. */
  synchronized void check() {
    Map<String, Map<String, String>> committed = read();
    write(
        Tools.checkout().resolve("e2e/target/compatibility").resolve(title + ".md"), table(found));
    if ("renew".equals(System.getProperty("fairlead.compatibility"))) {
      Map<String, Map<String, String>> merged = new LinkedHashMap<>();
      found.forEach(
          (row, cells) -> {
            Map<String, String> all = new LinkedHashMap<>(committed.getOrDefault(row, Map.of()));
            all.values().removeIf(UNTRIED::equals);
            all.putAll(cells);
            merged.put(row, all);
          });
      String text = text(PAGE);
      String before = partOf(text);
      String prose =
          before.lines().filter(line -> !line.startsWith("|")).collect(Collectors.joining("\n"));
      String intro = prose.isBlank() ? "" : prose.strip() + "\n\n";
      String heading = heading();
      int at = text.indexOf(heading) + heading.length();
      write(
          PAGE,
          text.substring(0, at)
              + "\n"
              + intro
              + table(merged)
              + text.substring(at + before.length()));
      return;
    }
    assertThat(lines(found))
        .as(
            "found by this run and not in %s; a run with -Dfairlead.compatibility=renew mends it",
            PAGE)
        .isSubsetOf(lines(committed));
    assertThat(committed.keySet())
        .as("rows of %s about %s that nothing tries", PAGE, title)
        .isSubsetOf(found.keySet());
  }

  private static Set<String> lines(Map<String, Map<String, String>> table) {
    Set<String> lines = new LinkedHashSet<>();
    table.forEach(
        (row, cells) ->
            cells.forEach((version, cell) -> lines.add(row + " in " + version + ": " + cell)));
    return lines;
  }

  private static String table(Map<String, Map<String, String>> rows) {
    Set<String> versions = new java.util.TreeSet<>();
    rows.values().forEach(cells -> versions.addAll(cells.keySet()));
    StringBuilder table = new StringBuilder("| command | " + String.join(" | ", versions) + " |\n");
    table.append("|---|").append("---|".repeat(versions.size())).append('\n');
    rows.forEach(
        (row, cells) -> {
          table.append("| ").append(row).append(" |");
          versions.forEach(
              version ->
                  table.append(' ').append(cells.getOrDefault(version, UNTRIED)).append(" |"));
          table.append('\n');
        });
    return table.toString();
  }

  private String heading() {
    return "\n## " + title + "\n";
  }

  /** The part of the page below this table's heading. */
  private String partOf(String page) {
    String heading = heading();
    int start = page.indexOf(heading);
    if (start < 0) {
      throw new AssertionError(PAGE + ": no section (expected: ## " + title + ")");
    }
    int end = page.indexOf("\n## ", start + heading.length());
    return page.substring(start + heading.length(), end < 0 ? page.length() : end);
  }

  private Map<String, Map<String, String>> read() {
    List<List<String>> rows =
        partOf(text(PAGE))
            .lines()
            .filter(line -> line.startsWith("| "))
            .map(Compatibility::cells)
            .toList();
    Map<String, Map<String, String>> table = new LinkedHashMap<>();
    for (List<String> row : rows.subList(Math.min(1, rows.size()), rows.size())) {
      Map<String, String> cells = new LinkedHashMap<>();
      for (int i = 1; i < row.size(); i++) {
        cells.put(rows.get(0).get(i), row.get(i));
      }
      table.put(row.get(0), cells);
    }
    return table;
  }

  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    for (String cell : Arrays.asList(line.split("(?<!\\\\)\\|"))) {
      cells.add(cell.strip());
    }
    return cells.subList(1, cells.size());
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
