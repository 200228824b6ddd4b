package dev.fairlead.examples.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** A Kubernetes Table ({@code meta.k8s.io/v1}), as kubectl prints it. */
final class Table {

  private static final int MOST_ROWS = 12;
  private static final String GAP = "   ";

  private final List<List<String>> lines = new ArrayList<>();
  private final int rows;

  private Table(int rows) {
    this.rows = rows;
  }

  static Table of(JsonNode json) {
    Table table = new Table(json.path("rows").size());
    boolean namespaced = json.at("/rows/0/object/metadata/namespace").isTextual();
    List<Integer> columns = new ArrayList<>();
    List<String> head = new ArrayList<>();
    if (namespaced) {
      head.add("NAMESPACE");
    }
    JsonNode definitions = json.path("columnDefinitions");
    for (int i = 0; i < definitions.size(); i++) {
      if (definitions.get(i).path("priority").asInt() == 0) {
        columns.add(i);
        head.add(definitions.get(i).path("name").asText().toUpperCase(java.util.Locale.ROOT));
      }
    }
    table.lines.add(head);
    for (int row = 0; row < Math.min(MOST_ROWS, table.rows); row++) {
      table.add(json.path("rows").get(row), namespaced, columns);
    }
    return table;
  }

  private void add(JsonNode row, boolean namespaced, List<Integer> columns) {
    List<String> cells = new ArrayList<>();
    if (namespaced) {
      cells.add(row.at("/object/metadata/namespace").asText());
    }
    columns.forEach(column -> cells.add(row.path("cells").path(column).asText()));
    lines.add(cells);
  }

  int rows() {
    return rows;
  }

  /** The lines with aligned columns; the first is the head. */
  List<String> lines() {
    List<String> shown = new ArrayList<>();
    for (List<String> line : lines) {
      StringBuilder text = new StringBuilder();
      for (int column = 0; column < line.size(); column++) {
        text.append(line.get(column));
        text.append(" ".repeat(width(column) - line.get(column).length())).append(GAP);
      }
      shown.add(text.toString().stripTrailing());
    }
    if (rows > MOST_ROWS) {
      shown.add("and " + (rows - MOST_ROWS) + " more");
    }
    return shown;
  }

  private int width(int column) {
    return lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0);
  }
}
